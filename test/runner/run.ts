import { createRequire } from 'node:module';
import { relative } from 'node:path';
import type { TestResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import type Environment from './environment.ts';
import { jestObject } from './jest-object.ts';
import { watchLeaks } from './leaks.ts';
import type Runtime from './runtime.ts';
import { type MeasuredResult, measureUsage } from './usage.ts';

const { default: circus } = createRequire(import.meta.url)('jest-circus/runner');

/** The jest option `testRunner`: jest-circus on the globals of the worker itself, which each file gives back clean. */
export default async function run(
  globalConfig: Config.GlobalConfig,
  config: Config.ProjectConfig,
  environment: Environment,
  runtime: Runtime,
  path: string,
  sendMessageToJest: unknown,
): Promise<TestResult> {
  const workerConsole = globalThis.console;
  const jest = jestObject(environment, config);
  Object.assign(globalThis, { jest, console: environment.console });
  const leaks = watchLeaks(jest);
  const usage = measureUsage();
  try {
    // An await would put this file on the stack of every error, and jest quotes the first file on it.
    const result = await new Promise<MeasuredResult>((resolve, reject) => {
      circus(globalConfig, config, { global: globalThis }, runtime, path, sendMessageToJest).then(resolve, reject);
    });
    result.usage = usage.end();
    const left = await leaks.find();
    if (left.length > 0) fail(result, relative(config.rootDir, path), left);
    return result;
  } finally {
    leaks.restore();
    globalThis.console = workerConsole;
    forgetTests();
  }
}

/** jest-circus keeps the tests and their handlers in symbols of globalThis; they hold all that the file's tests use. */
function forgetTests(): void {
  const names = ['JEST_STATE_SYMBOL', 'EVENT_HANDLERS', 'RETRY_TIMES_SETTER'];
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
    if (names.includes(symbol.description ?? '')) Reflect.deleteProperty(globalThis, symbol);
  }
}

function fail(result: TestResult, file: string, left: string[]): void {
  const message = [
    `Ending ${file}: it left behind`,
    ...left.map((each) => `  - ${each}`),
    'Undo or await it in afterEach or afterAll: the next test file runs in the same process.',
  ].join('\n');
  result.testExecError = { message, stack: message };
  result.failureMessage = [result.failureMessage, message].filter(Boolean).join('\n\n');
}
