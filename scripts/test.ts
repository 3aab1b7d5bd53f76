// What `npm test` runs: types, lint, dependency rules, then all tests. No network, no browser, no AWS.
// What `npm test -- test/lambdas/payment` runs: these tests alone.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runJest } from './jest.ts';

const root = join(import.meta.dirname, '..');
const bin = (tool: string) => join(root, 'node_modules/.bin', tool);

const finish = (passed: number, failed: number): never => {
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
};

/** Says how it went, and how long it took. */
const timed = <Result>(title: string, isGood: (result: Result) => boolean, work: () => Result): Result => {
  const started = performance.now();
  const result = work();
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${isGood(result) ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)`);
  return result;
};

/** @returns whether it went well */
const check = (title: string, command: string, args: readonly string[]): boolean =>
  timed(title, Boolean, () => spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0);

/** Jest alone, with what it is told on the command line: nothing else is looked at. */
const chosen = process.argv.slice(2);
if (chosen.length > 0) {
  const { passed, failed } = runJest('chosen tests', chosen);
  finish(passed, failed);
}

const jest = (title: string, args: readonly string[] = []) =>
  timed(
    title,
    ({ failed }) => failed === 0,
    () => runJest(title, args),
  );

/** All that TypeScript reads, and the console, which it reads by itself. */
const folders: readonly string[] = [
  ...JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).include,
  'console',
];
const checks = [
  check('types', bin('tsc'), ['--noEmit']),
  check('types of the console', bin('tsc'), ['--noEmit', '--project', 'console']),
  check('lint', bin('biome'), ['ci', '--error-on-warnings', '.']),
  check('dependency rules', bin('depcruise'), folders),
];
// The proof by itself, when the other tests leave it the cores.
const runs = [jest('tests'), jest('bounded proof', ['--config', 'test/proof/jest.config.ts'])];

const total = (count: 'passed' | 'failed') => runs.reduce((sum, run) => sum + run[count], 0);
finish(total('passed') + checks.filter(Boolean).length, total('failed') + checks.filter((ok) => !ok).length);
