import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const MAIN = join(import.meta.dirname, '../../proof/main.ts');
const prove = async (...args: string[]) =>
  (await promisify(execFile)(process.execPath, [MAIN, ...args])).stdout;

it('of sixty orders at once for thirty pieces thirty are confirmed and thirty cancelled, none parked', async () => {
  expect(await prove('--rush', '60')).toContain('30 CONFIRMED, 30 CANCELLED for stock, 0 otherwise, 0 left');
});

it('killed with orders on their way, and started again on its tables, every order ends as it should', async () => {
  expect(await prove('--crash', '30')).toMatch(
    /killed with [1-9]\d* of \d+ orders on their way.*: 0 violations/,
  );
});

it('of orders whose events come twice, late, or not at first each effect happens once', async () => {
  expect(await prove('--deliveries', '20')).toMatch(
    / [1-9]\d* dead letters redriven, all replayed: 0 violations/,
  );
});
