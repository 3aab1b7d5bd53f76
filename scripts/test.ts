// What `npm test` runs: types, lint, dependency rules, then all tests. No network, no browser, no AWS.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const results = join(root, '.build/test-results.json');
const bin = (tool: string) => join(root, 'node_modules/.bin', tool);

/** @returns whether it went well */
const step = (
  title: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): boolean => {
  const started = performance.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  console.log(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${title} (${((performance.now() - started) / 1_000).toFixed(1)} s)`,
  );
  return status === 0;
};

const checks = [
  step('types', bin('tsc'), ['--noEmit']),
  step('types of the console', bin('tsc'), ['--noEmit', '--project', 'console']),
  step('lint', bin('biome'), ['ci', '--error-on-warnings', '.']),
  step('dependency rules', bin('depcruise'), [
    'bin',
    'lib',
    'lambdas',
    'events',
    'console',
    'local',
    'ops',
    'proof',
    'scripts',
    'test',
  ]),
];
const tests = step('tests', process.execPath, [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(root, 'node_modules/jest/bin/jest.js'),
  '--json',
  `--outputFile=${results}`,
  ...process.argv.slice(2),
]);

const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
const failed =
  numFailedTests + checks.filter((ok) => !ok).length + (numFailedTests === 0 ? numFailedTestSuites : 0);
console.log(`${numPassedTests + checks.filter(Boolean).length} passed, ${failed} failed`);
process.exit(tests && failed === 0 ? 0 : 1);
