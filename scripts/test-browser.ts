// What `npm run test:browser` runs: the console in Chromium, which has to be installed.
import { runJest } from './jest.ts';

const { passed, failed } = runJest('browser tests', [
  '--config',
  'test/browser/jest.config.ts',
  ...process.argv.slice(2),
]);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
