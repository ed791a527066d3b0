/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  testEnvironmentOptions: { customExportConditions: ['studio-resources', 'node', 'node-addons', 'import'] },
  coverageProvider: 'v8',
  collectCoverageFrom: ['packages/*/src/**/*.ts', 'handlers/*.ts'],
  coverageReporters: ['text-summary'],
  maxWorkers: 2,
  // Only what hangs is to fail by time: machines differ, and are shared.
  testTimeout: 120_000,
};
