import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');

/** As on a machine that has Node and nothing else. */
const withoutPython = (...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { PATH: '' } });

it('each tool that is Python is pinned to a version', () => {
  const pins = readFileSync(join(root, 'scripts/python-tools.txt'), 'utf8').trim().split('\n');
  for (const pin of pins.filter((line) => !line.startsWith('#'))) expect(pin).toMatch(/^[\w-]+==[\d.]+$/);
});

it('where there is no Python, that is said in a sentence', () => {
  const made = "import('./scripts/python.ts').then(({ pythonTool }) => pythonTool('none-such'))";
  const { status, stderr } = withoutPython('--eval', made);
  expect(status).toBe(1);
  expect(stderr).toContain(
    'none-such needs a virtual environment: there is no python3; it takes Python 3.11 or newer',
  );
});
