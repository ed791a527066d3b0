import type { Runner } from '../lambda/runner.ts';
import { codeOf } from './code.ts';
import { VirtualEnvironment } from './environment.ts';
import type { Send } from './http-module.ts';
import type { Randomness } from './randomness.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface VirtualRunnerOptions {
  time: VirtualTime;
  randomness: Randomness;
  /** Where the functions' requests go. */
  send: Send;
  /** The directory with the files of file systems. */
  files: string;
}

/** Runs each execution environment within this process, on its clock. */
export function virtualRunner({ time, randomness, send, files }: VirtualRunnerOptions): Runner {
  const environments = new Set<VirtualEnvironment>();
  let started = 0;
  return {
    async refusal(runtime) {
      if (!runtime.startsWith('python')) return undefined;
      return `At virtual time, the local cloud runs functions in Node.js only, not for ${runtime}. startLocalCloud and npm run local run functions in Python too, each in a process.`;
    },
    start(spec, log) {
      started += 1;
      const environment = new VirtualEnvironment(
        spec,
        {
          clock: time,
          randomness: randomness.fork(`environment ${started}`),
          send,
          files,
          // To compile takes real time, which is none of the function's.
          code: time.hold(codeOf(spec.code, spec.handler, spec.layers)),
        },
        log,
      );
      environments.add(environment);
      return environment;
    },
    async close() {
      for (const environment of environments) await environment.end();
    },
  };
}
