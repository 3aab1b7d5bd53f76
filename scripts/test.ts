// What `npm test` runs: types, lint, dependency rules, then all tests. No network, no browser, no AWS.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
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

/** One call of jest. @returns its counts; a file that does not even load is a failure */
const jest = (title: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const results = join(root, `.build/${title.replaceAll(' ', '-')}.json`);
  const ok = step(
    title,
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      '--json',
      `--outputFile=${results}`,
      ...args,
    ],
    env,
  );
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites || (ok ? 0 : 1) };
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
    'contracts',
    'console',
    'local',
    'ops',
    'proof',
    'scripts',
    'test',
  ]),
];
const chosen = process.argv.slice(2);
const runs = [jest('tests', chosen)];
// Whole stacks in several threads: by themselves, when the other tests leave them the cores.
if (chosen.length === 0) runs.push(jest('bounded proof', ['--runInBand'], { PROOF: '1' }));

const total = (count: 'passed' | 'failed') => runs.reduce((sum, run) => sum + run[count], 0);
const passed = total('passed') + checks.filter(Boolean).length;
const failed = total('failed') + checks.filter((ok) => !ok).length;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
