// What `npm run test:browser` runs: the console in Chromium, which has to be installed.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const results = join(root, '.build/browser-test-results.json');

rmSync(results, { force: true });
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    // Each file has a stack and a browser of its own.
    '--runInBand',
    '--testMatch=<rootDir>/test/browser/*.browser.ts',
    '--json',
    `--outputFile=${results}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
console.log(`${numPassedTests} passed, ${numFailedTests || numFailedTestSuites} failed`);
process.exit(status ?? 1);
