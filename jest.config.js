// esbuild, which makes zips with planted bugs and compiles zips for virtual time, frees memory from here on.
process.env.GOMEMLIMIT ??= '600MiB';

/** @type {import('jest').Config} */
export default {
  // What needs more than Node is run by `npm run test:system`.
  testMatch: ['<rootDir>/test/**/*.test.ts', '!**/test/system/**'],
  // Node loads the tests itself, once for all files of a worker: test/runner/README.md.
  testRunner: '<rootDir>/test/runner/run.ts',
  testEnvironment: '<rootDir>/test/runner/environment.ts',
  runtime: '<rootDir>/test/runner/runtime.ts',
  transform: {},
  // What is built there has copies of package.json.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testSequencer: '<rootDir>/test/runner/sequencer.ts',
  reporters: ['default', '<rootDir>/test/runner/usage.ts'],
  coverageProvider: 'v8',
  collectCoverageFrom: ['packages/*/src/**/*.ts', 'handlers/*.ts'],
  coverageReporters: ['text-summary'],
  maxWorkers: 2,
  workerIdleMemoryLimit: '500MB',
  // Only what hangs is to fail by time: machines differ, and are shared.
  testTimeout: process.env.CLOUD === 'wire' ? 900_000 : 600_000,
};
