import type { Config } from 'jest';
import { stackTest } from '../../jest.config.ts';

/** The console in Chromium. */
const config: Config = {
  ...stackTest,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/*.browser.ts'],
  // Each file has a stack and a browser of its own.
  maxWorkers: 1,
};
export default config;
