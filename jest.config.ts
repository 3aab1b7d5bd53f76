import type { Config } from 'jest';

/** ESM by Node's own loader, types stripped by swc: what runs in the tests is what Node 24 runs. */
export const everyTest = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.build/', '<rootDir>/cdk.out/'],
  setupFiles: ['<rootDir>/test/environment.ts'],
  // Whole workflows run in some tests, on machines that may be busy; nothing here asserts a time.
  testTimeout: 180_000,
} satisfies Config;

/** What needs the assembly as well: it is built first, where something that goes into it has changed. */
export const stackTest = {
  ...everyTest,
  globalSetup: '<rootDir>/test/global-setup.ts',
  testEnvironment: '<rootDir>/test/saga/failure-environment.ts',
} satisfies Config;

/** The tests that need no assembly: one of these files begins at once. */
const CODE_ALONE =
  'test/{,api/,catalogue/,configuration/,console/,contracts/,lambdas/**/,local/easypost/,local/stripe/,scripts/,statemachines/,testbed/}*.test.ts';

const config: Config = {
  // Jest takes them from the projects; Stryker, which knows no projects, from here.
  ...everyTest,
  // A project's set-up runs only where one of its tests is to run.
  projects: [
    { ...everyTest, testMatch: [`<rootDir>/${CODE_ALONE}`] },
    { ...stackTest, testMatch: ['<rootDir>/test/**/*.test.ts', `!**/${CODE_ALONE}`] },
  ],
  maxWorkers: 2,
  // Jest keeps the modules of every file that it has run. A worker full of them takes more than the half second to die
  // that it is given, and is said to have failed to exit gracefully.
  workerIdleMemoryLimit: '150MB',
};
export default config;
