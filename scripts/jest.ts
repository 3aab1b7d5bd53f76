import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** How a call of jest went. A file that does not even load is a failure. */
export interface JestRun {
  readonly passed: number;
  readonly failed: number;
}

/** One call of jest, in ESM mode. @param title names the file of its results, too */
export const runJest = (
  title: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): JestRun => {
  const results = join(root, `.build/${title.replaceAll(' ', '-')}.json`);
  rmSync(results, { force: true });
  const { status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${results}`,
      ...args,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } },
  );
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites || (status === 0 ? 0 : 1) };
};
