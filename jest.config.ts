import type { Config } from 'jest';

/** ESM by Node's own loader, types stripped by swc: what runs in the tests is what Node 24 runs. */
const config: Config = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // The proof takes both cores for itself: `npm test` runs it after the other tests, by PROOF=1.
  testMatch: [process.env.PROOF ? '<rootDir>/test/proof/*.proof.ts' : '<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.build/', '<rootDir>/cdk.out/'],
  globalSetup: '<rootDir>/test/global-setup.ts',
  setupFiles: ['<rootDir>/test/environment.ts'],
  maxWorkers: 2,
  // Whole workflows run in some tests, on machines that may be busy; nothing here asserts a time.
  testTimeout: 180_000,
};
export default config;
