import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const MAIN = join(import.meta.dirname, '../../proof/main.ts');
const prove = async (...args: string[]) =>
  (await promisify(execFile)(process.execPath, [MAIN, ...args])).stdout;

it('of a hundred orders at once for fifty pieces fifty are confirmed and fifty cancelled, none parked', async () => {
  expect(await prove('--rush', '100')).toContain('50 CONFIRMED, 50 CANCELLED for stock, 0 otherwise, 0 left');
});

it('killed with orders on their way, and started again on its tables, every order ends as it should', async () => {
  expect(await prove('--crash', '100')).toMatch(
    /killed with [1-9]\d* of \d+ orders on their way.*: 0 violations/,
  );
});
