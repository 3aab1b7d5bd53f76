import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const MAIN = join(import.meta.dirname, '../../proof/main.ts');

/** In a process of its own: stacks in threads, without jest around them. */
const prove = (...args: string[]) =>
  new Promise<{ code: number | string; output: string }>((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { maxBuffer: 1e8 }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, output: `${stdout}${stderr}` });
    });
  });

it('a part of every family of plans runs without a violation on a stack as strict as AWS', async () => {
  const { code, output } = await prove('--bounded', '--strict');
  expect(output).toMatch(/ plans, 0 violations, 0 with a fault that was never reached/);
  expect(code).toBe(0);
}, 600_000);

it('a part of the plans about payments that wait runs without a violation, with the adapter of Stripe', async () => {
  const families = 'awaited,webhooks,pruned';
  const { code, output } = await prove('--bounded', '--payment', 'stripe', '--family', families);
  expect(output).toMatch(/ plans, 0 violations, 0 with a fault that was never reached/);
  expect(code).toBe(0);
}, 600_000);

it('random contests for scarce stock, with repeated requests, run without a violation', async () => {
  const { code, output } = await prove('--random', '5', '--seed', '4711');
  expect(output).toMatch(/^5 random contests, 0 violations/m);
  expect(code).toBe(0);
}, 600_000);

it('names what it does not know', async () => {
  const { code, output } = await prove('--family', 'nonsense');
  expect(output).toContain('there is no nonsense');
  expect(code).toBe(2);
});
