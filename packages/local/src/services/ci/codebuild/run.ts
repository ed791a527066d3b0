import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from '../../../service.ts';
import { assumeAsService } from '../../sts.ts';
import { upload } from './artifacts.ts';
import { readBuildspec } from './buildspec.ts';
import { runCommands, type Work } from './commands.ts';
import { openLog } from './log.ts';
import { end, endPhase, enter, PhaseFailure, phaseFailure } from './phases.ts';
import type { Processes } from './processes.ts';
import { type BuildRecord, builds, projectArn } from './records.ts';
import { downloadSources } from './sources.ts';
import { inheritedVariables, variablesOf } from './variables.ts';

const minute = 60_000;

/** Runs a build; a build whose process ended with that of a kept state runs out of time. */
export function runTask(processes: Processes) {
  return async (id: string, call: Call): Promise<void> => {
    const build = builds(call).get(id);
    if (build?.buildStatus !== 'IN_PROGRESS') return;
    call.later(build.timeoutInMinutes * minute, 'expire', id);
    const root = await mkdtemp(join(tmpdir(), 'studio-resources-build-'));
    try {
      await run(build, root, processes, call);
    } catch (cause) {
      const failure = phaseFailure(cause);
      endPhase(build, 'FAILED', call, failure);
      end(build, 'FAILED', call);
    } finally {
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
    }
  };
}

/** A build has taken longer than it may. */
export function expireTask(processes: Processes) {
  return (id: string, call: Call): void => {
    const build = builds(call).get(id);
    if (build?.buildStatus !== 'IN_PROGRESS') return;
    end(build, 'TIMED_OUT', call);
    processes.kill(build.arn);
  };
}

async function run(build: BuildRecord, root: string, processes: Processes, call: Call): Promise<void> {
  const { cloud, account } = call;
  enter(build, 'PROVISIONING', call);
  const sourceArn = projectArn(build.projectName, { ...call, account });
  const session = `AWSCodeBuild-${build.id.split(':').at(-1)}`;
  const assumed = assumeAsService(cloud, build.serviceRole, 'codebuild.amazonaws.com', session, { sourceArn });
  const { principal: role, credentials } = assumed;
  const secrets: string[] = [];
  const log = await openLog(build, role, secrets, call);
  try {
    enter(build, 'DOWNLOAD_SOURCE', call);
    const directories = await downloadSources(build, root, role, call);
    const spec = readBuildspec(await buildspecOf(build, directories.source));
    const { values, secrets: found } = await variablesOf(build, spec, role, call);
    secrets.push(...found);
    const variables = { ...values, ...inheritedVariables(build, directories, credentials, call) };
    await runPhases({ build, spec, directories, variables, log, role, processes, call, scripts: root });
  } catch (cause) {
    log.write(`Error: ${(cause as Error).message}`);
    throw cause;
  } finally {
    await log.flush();
  }
}

/** Runs the phases, brings away what they made, and ends the build. */
async function runPhases(work: Work): Promise<void> {
  const { build, spec, directories, role, call } = work;
  const failure = await runCommands(work);
  if (build.buildStatus !== 'IN_PROGRESS') return;
  if (!failure) {
    enter(build, 'UPLOAD_ARTIFACTS', call);
    await upload(build, spec, directories.source, role, call);
  }
  enter(build, 'FINALIZING', call);
  end(build, failure ? 'FAILED' : 'SUCCEEDED', call);
}

/** The buildspec itself, or a file of the source: `buildspec.yml` unless the project says otherwise. */
async function buildspecOf({ source }: BuildRecord, directory: string): Promise<string> {
  const { buildspec = 'buildspec.yml' } = source;
  if (buildspec.includes('\n')) return buildspec;
  try {
    return await readFile(join(directory, buildspec), 'utf8');
  } catch (cause) {
    throw new PhaseFailure('YAML_FILE_ERROR', `stat ${buildspec}: no such file or directory`, cause);
  }
}
