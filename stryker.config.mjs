// `npm run mutation`: what Stryker changes, and which tests have to notice. docs/mutation.md
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  mutate: ['lambdas/**/*.ts', 'api/requests/*.ts'],
  plugins: ['@stryker-mutator/jest-runner', './scripts/jest-file-by-file.ts'],
  testRunner: 'jest-file-by-file',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    projectType: 'custom',
    configFile: 'jest.config.ts',
    enableFindRelatedTests: false,
    config: {
      testMatch: ['<rootDir>/test/{api,lambdas}/**/*.test.ts'],
      // It lives hours with twenty thousand orders: no place for a small change.
      testPathIgnorePatterns: ['many-open-orders'],
      // They need no assembly.
      projects: [],
      // A mutant may wait for ever.
      testTimeout: 5_000,
    },
  },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A runner keeps the modules of every file that it has run.
  maxTestRunnerReuse: 50,
  // Stryker rewrites its paths by TypeScript's compiler API, which TypeScript 7 has not; it has none to rewrite.
  tsconfigFile: 'none',
  tempDirName: '.build/stryker',
  ignorePatterns: ['.build', 'cdk.out'],
  incremental: true,
  incrementalFile: '.build/mutation/incremental.json',
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: '.build/mutation/mutation.html' },
  jsonReporter: { fileName: '.build/mutation/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};
