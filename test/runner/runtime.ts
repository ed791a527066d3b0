import { createRequire, enableCompileCache, flushCompileCache, registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { V8CoverageResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import { startCoverage, takeCoverage } from './coverage.ts';

const require = createRequire(import.meta.url);

// `@jest/globals` refuses to load outside of jest's own module loader.
const globals = 'jest, expect, describe, it, test, beforeAll, beforeEach, afterAll, afterEach';
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: 'jest:globals', shortCircuit: true } : next(specifier, context),
  load: (url, context, next) =>
    url === 'jest:globals'
      ? { format: 'module', source: `export const { ${globals} } = globalThis`, shortCircuit: true }
      : next(url, context),
});

/** The jest option `runtime`: what jest-runner and jest-circus ask of a module loader, answered by Node's own. */
export default class Runtime {
  readonly requireModule = require;
  readonly #config: Config.ProjectConfig;
  readonly #coverageOptions: { collectCoverage: boolean };
  #coverage: V8CoverageResult = [];

  constructor(
    config: Config.ProjectConfig,
    ...[, , , , coverageOptions]: [unknown, unknown, unknown, unknown, { collectCoverage: boolean }]
  ) {
    this.#config = config;
    this.#coverageOptions = coverageOptions;
    // Code from a cache has no block counters.
    if (!coverageOptions.collectCoverage) enableCompileCache(resolve(config.cacheDirectory, 'compiled'));
  }

  unstable_shouldLoadAsEsm(): boolean {
    return true;
  }

  unstable_importModule(path: string): Promise<unknown> {
    return import(pathToFileURL(path).href);
  }

  /** jest-circus keeps the tests that it was told of in its modules: each test file gets new ones. */
  requireInternalModule(path: string): unknown {
    delete require.cache[path];
    return require(path);
  }

  setGlobalsForRuntime(): void {}
  enterTestCode(): void {}
  leaveTestCode(): void {}

  async collectV8Coverage(): Promise<void> {
    await startCoverage();
  }

  async stopCollectingV8Coverage(): Promise<void> {
    this.#coverage = await takeCoverage(this.#coverageOptions, this.#config);
  }

  getAllV8CoverageInfoCopy(): V8CoverageResult {
    return this.#coverage;
  }

  getAllCoverageInfoCopy(): undefined {
    return undefined;
  }

  getSourceMaps(): null {
    return null;
  }

  teardown(): void {
    flushCompileCache();
  }
}
