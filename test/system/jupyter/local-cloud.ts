import { type LocalProcess, startLocalProcess } from '../../stacks/wire-cloud.ts';
import { type JupyterServer, startJupyter } from './jupyter-server.ts';

/** The local cloud with a real Jupyter server behind its presigned URLs: both keep real time, and only services are quick. */
export async function startWithJupyter(): Promise<{ cloud: LocalProcess; jupyter: JupyterServer }> {
  const jupyter = await startJupyter();
  const cloud = await startLocalProcess(['--jupyter', jupyter.url, '--speed', '1', '--durations', '0.01']);
  return { cloud, jupyter };
}
