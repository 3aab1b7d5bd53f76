import type { Config } from 'jest';
import { everyTest } from '../../jest.config.ts';

/** The end-to-end tests, on the stack that `npm run e2e` has started: nothing is built here, and nothing is made up. */
const config: Config = {
  ...everyTest,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/e2e/*.e2e.ts'],
  setupFiles: [],
  maxWorkers: 1,
};
export default config;
