import { createRequire } from 'node:module';
import { relative } from 'node:path';
import type { TestResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import type Environment from './environment.ts';
import { jestObject } from './jest-object.ts';
import { watchLeftovers } from './leftovers.ts';
import type Runtime from './runtime.ts';

const { default: circus } = createRequire(import.meta.url)('jest-circus/runner');

/** The jest option `testRunner`: jest-circus on the globals of the worker itself, which each file gives back clean. */
export default async function run(
  globalConfig: Config.GlobalConfig,
  config: Config.ProjectConfig,
  environment: Environment,
  runtime: Runtime,
  path: string,
  ...rest: unknown[]
): Promise<TestResult> {
  const workerConsole = globalThis.console;
  const jest = jestObject(environment, config);
  Object.assign(globalThis, { jest, console: environment.global.console });
  const leftovers = watchLeftovers(jest);
  try {
    const result = await circus(globalConfig, config, { global: globalThis }, runtime, path, ...rest);
    const left = await leftovers.find();
    if (left.length > 0) fail(result, `Ending ${relative(config.rootDir, path)}: the test file left\n${list(left)}`);
    return result;
  } finally {
    leftovers.restore();
    globalThis.console = workerConsole;
    for (const name of ['EVENT_HANDLERS', 'RETRY_TIMES_SETTER']) Reflect.deleteProperty(globalThis, Symbol.for(name));
    for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
      if (symbol.description === 'JEST_STATE_SYMBOL') Reflect.deleteProperty(globalThis, symbol);
    }
  }
}

const list = (lines: string[]) => lines.map((line) => `  - ${line}`).join('\n');

function fail(result: TestResult, message: string): void {
  const explained = `${message}\nUndo or await it in the file, in afterEach or afterAll: the next test file runs in the same process.`;
  result.testExecError = { message: explained, stack: explained };
  result.failureMessage = [result.failureMessage, explained].filter(Boolean).join('\n\n');
}
