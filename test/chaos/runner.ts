import type { Clock } from '../../packages/local/src/clock.ts';
import type { Runner } from '../../packages/local/src/lambda/runner.ts';
import { compile, type Load } from './bundles.ts';
import { SimulatedEnvironment } from './environment.ts';
import type { Send } from './http-module.ts';
import type { Randomness } from './randomness.ts';

/** What is compiled stays so: the code of a hash is always the same. */
const compiled = new Map<string, Promise<Load>>();

/** Compiles a deployment package, once for all runs. */
export function codeOf({ sha256, zip }: { sha256: string; zip: Uint8Array }, handler: string): Promise<Load> {
  const key = `${sha256} ${handler}`;
  const known = compiled.get(key);
  if (known) return known;
  const code = compile(zip, handler);
  compiled.set(key, code);
  return code;
}

/** Runs each execution environment within this process, on its clock; its requests go to `send`. */
export function simulatedRunner(around: { clock: Clock; randomness: Randomness; send: Send; files: string }): Runner {
  const environments = new Set<SimulatedEnvironment>();
  let started = 0;
  return {
    start(spec, log) {
      started += 1;
      const randomness = around.randomness.fork(`environment ${started}`);
      const code = codeOf(spec.code, spec.handler);
      const environment = new SimulatedEnvironment(spec, { ...around, randomness, code }, log);
      environments.add(environment);
      return environment;
    },
    async close() {
      for (const environment of environments) await environment.end();
    },
  };
}
