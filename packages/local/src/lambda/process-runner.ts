import type { Clock } from '../clock.ts';
import { codeDirectory } from './code-directory.ts';
import { ProcessEnvironment } from './process-environment.ts';
import { pythonFinder } from './python.ts';
import type { Runner } from './runner.ts';

/**
 * Runs each execution environment as a process of its own. `initTimeout` is how long, in real milliseconds, a function
 * may load before that counts as its first invocation's time (10 s, as on Lambda). `files` is the directory with those of
 * the file systems that functions mount; they are temporary without it.
 */
export function processRunner(
  clock: Clock,
  { initTimeout = 10_000, files }: { initTimeout?: number; files?: string } = {},
): Runner {
  const code = codeDirectory(files);
  const findPython = pythonFinder();
  const environments = new Set<ProcessEnvironment>();
  // Whatever ends the local cloud ends what it started.
  const killAll = () => {
    for (const environment of environments) environment.kill();
    code.remove();
  };
  return {
    async refusal(runtime) {
      if (!runtime.startsWith('python')) return undefined;
      const python = await findPython();
      return typeof python === 'string' ? python : undefined;
    },
    start(spec, log) {
      if (environments.size === 0) process.once('exit', killAll);
      const environment = new ProcessEnvironment(spec, { clock, code, findPython, initTimeout }, log);
      environments.add(environment);
      environment.closed.then(() => {
        environments.delete(environment);
        if (environments.size === 0) process.off('exit', killAll);
      });
      return environment;
    },
    async close() {
      await Promise.all([...environments].map((environment) => environment.end()));
      code.remove();
    },
  };
}
