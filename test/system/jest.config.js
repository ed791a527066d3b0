import base from '../../jest.config.js';

/** The tests that need Debian's packages: `npm run test:system`. */
export default {
  ...base,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/system/**/*.test.ts'],
};
