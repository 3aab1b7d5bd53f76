import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** How a call of jest went. A file that does not even load is a failure, and so is that there is nothing to run. */
export interface JestRun {
  readonly passed: number;
  readonly failed: number;
}

/** One call of jest, in ESM mode. @returns its exit code */
export const jest = (args: readonly string[], env: Readonly<Record<string, string>> = {}): number => {
  const { status } = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      ...args,
    ],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } },
  );
  return status ?? 1;
};

/** One call of jest, and what it counted. @param title names the file of its results, too */
export const runJest = (
  title: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): JestRun => {
  const results = join(root, `.build/${title.replaceAll(' ', '-')}.json`);
  mkdirSync(dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const status = jest(['--json', `--outputFile=${results}`, ...args], env);
  if (!existsSync(results)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites || (status === 0 ? 0 : 1) };
};
