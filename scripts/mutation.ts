// What `npm run mutation` runs: Stryker, as stryker.config.mjs says.
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandLine, wrongUsage } from './command-line.ts';

const root = join(import.meta.dirname, '..');

const USAGE = `npm run mutation -- [--fresh] [FILES]

Changes the functions' code in one place at a time, and looks whether a test in test/lambdas or test/api notices
(docs/mutation.md).

  FILES    what of lambdas/ and api/requests/ is changed, files or folders, as in lambdas/payment lambdas/runtime/ledger.ts (default: all)
  --fresh  tries what was tried before, too: what changed in a helper of the tests, Stryker does not see

exit codes: 0 noticed, 1 less than is asked for, 2 wrong usage`;

const { values, positionals } = commandLine(USAGE, {
  options: { fresh: { type: 'boolean' } },
  allowPositionals: true,
});

const all = globSync(['lambdas/**', 'api/requests/*'], { cwd: root, withFileTypes: true });

/** @returns the pattern by which Stryker finds it */
const patternOf = (path: string): string => {
  const found = all.find(({ parentPath, name }) => resolve(parentPath, name) === resolve(root, path));
  if (!found)
    return wrongUsage(USAGE, `${path}: there is no such file or folder in lambdas/ or api/requests/`);
  return found.isDirectory() ? join(path, '**/*.ts') : path;
};

const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js'),
    'run',
    ...(positionals.length > 0 ? ['--mutate', positionals.map(patternOf).join(',')] : []),
    ...(values.fresh ? ['--force'] : []),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 1);
