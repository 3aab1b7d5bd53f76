import type { Config } from 'jest';
import { stackTest } from '../../jest.config.ts';

/** The bounded proof. */
const config: Config = {
  ...stackTest,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/proof/*.proof.ts'],
  // Whole stacks in several threads: each file takes both cores for itself.
  maxWorkers: 1,
};
export default config;
