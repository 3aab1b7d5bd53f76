import type { Config } from 'jest';
import { everyTest } from '../../jest.config.ts';
import type { Deployment } from './engines/engine.ts';

const { timeScale } = JSON.parse(process.env.E2E ?? '{"timeScale":1}') as Deployment;

/** The end-to-end tests, on the stack that `npm run e2e` has started: nothing is built here, and nothing is made up. */
const config: Config = {
  ...everyTest,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/e2e/*.e2e.ts'],
  setupFiles: [],
  // What a test waits for has limits of its own (`until` in shop.ts): this one is longer than them all.
  testTimeout: 600_000 + 3_600_000 * timeScale,
  maxWorkers: 1,
};
export default config;
