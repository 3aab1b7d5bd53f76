import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Readonly<Record<string, string>>;
};

/** Hand on what they are given: to jest, and to biome. */
const HANDED_ON = ['test', 'test:watch', 'test:browser', 'fix'];

/** Every script of package.json that has a command line of its own, and its file. */
const ours = Object.entries(scripts)
  .filter(([name]) => !HANDED_ON.includes(name))
  .map(([name, command]) => [name, command.split(' ').at(-1) ?? ''] as const);

const run = (file: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, encoding: 'utf8' });

describe.each(ours)('npm run %s', (name, file) => {
  it('says with --help how it is used', () => {
    const { status, stdout, stderr } = run(file, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^npm (run )?${name}\\b`));
  });

  it('names a wrong option, says how it is used, and ends with 2', () => {
    const { status, stdout, stderr } = run(file, '--nonsense');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--nonsense');
    expect(stderr).toMatch(new RegExp(`^npm (run )?${name}\\b`, 'm'));
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

it.each([
  ['local/start.ts', '--port', '99999999'],
  ['local/start.ts', '--time-scale', 'slow'],
  ['scripts/bench.ts', '--orders', 'many'],
  ['scripts/bench.ts', '--at-once', '0'],
  ['proof/main.ts', '--family', 'none-such'],
  ['proof/main.ts', '--lanes', 'two'],
  ['test/fuzz/main.ts', '--requests', '0'],
  ['scripts/e2e.ts', '--engine', 'moon'],
])('%s refuses %s %s, and names it', (file, option, value) => {
  const { status, stderr } = run(file, option, value);
  expect(status).toBe(2);
  expect(stderr).toContain(option);
  expect(stderr).not.toMatch(/^ +at /m);
});
