import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { taskTokens } from '../../local/aws/step-functions/task-tokens.ts';
import { journal } from '../../local/journal.ts';
import { type StackProcess, startStackProcess } from '../../local/stack-process.ts';
import { STEP_NAMES } from '../../saga/steps.ts';

const example = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../examples/${name}.json`), 'utf8'));

type Answer = Readonly<Record<string, unknown>>;
interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly outcome?: string;
  readonly at: string;
}

const open = (directory: string) => {
  const stack = startStackProcess({ args: ['--data', directory, '--time-scale', '0.02'] });
  const call = async <T = Answer>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch((await stack).at(path), {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
    for (const last = Date.now() + 30_000; !(await holds()); await delay(20))
      if (Date.now() > last) throw new Error(`never: ${what}`);
  };
  const get = (path: string) => call('GET', path);
  return {
    stack,
    call,
    get,
    until,
    place: async (name: string) =>
      (await call<{ orderId: string }>('POST', '/orders', example(name))).orderId,
    fault: (fault: object) => call('POST', '/dev/faults', fault),
    status: (orderId: string, wanted: string) =>
      until(`${orderId} is ${wanted}`, async () => (await get(`/orders/${orderId}`)).status === wanted),
    entries: async (orderId: string) =>
      (await call<{ entries: Entry[] }>('GET', `/ops/orders/${orderId}/timeline`)).entries,
    letters: async () => {
      const { listeners } = await call<{ listeners: { listener: string; deadLetters: number }[] }>(
        'GET',
        '/ops/dead-letters',
      );
      return listeners.filter(({ deadLetters }) => deadLetters > 0).map(({ listener }) => listener);
    },
  };
};

describe.each(['end', 'kill'] as const)('after a restart with --data (%s)', (how) => {
  const directory = mkdtempSync(join(tmpdir(), 'order-saga-restart-'));
  let running: Promise<StackProcess> | undefined;
  afterEach(async () => {
    await (await running)?.kill();
    rmSync(directory, { recursive: true, force: true });
  });

  it('everything is there again, and goes on', async () => {
    const before = open(directory);
    running = before.stack;

    // An event that dies, an order that parks.
    await before.fault({ listener: 'log-event', fault: 'listener-error', times: 3 });
    const confirmed = await before.place('order');
    await before.status(confirmed, 'CONFIRMED');
    for (let attempt = 1; attempt <= 11; attempt += 1)
      await before.fault({ state: 'RefundPayment', attempt, fault: 'error-before' });
    const parked = await before.place('undeliverable');
    await before.status(parked, 'NEEDS_ATTENTION');
    await before.until('log-event has a dead letter', async () => (await before.letters()).length > 0);
    const steps = (await before.entries(confirmed)).filter(({ kind }) => kind === 'step');
    expect(steps).toHaveLength(STEP_NAMES.length + 1);
    const undone = (await before.entries(parked)).filter(({ kind }) => kind === 'step');

    // A delivery that has failed twice, and waits for its last attempt.
    await before.fault({ listener: 'notify-customer', fault: 'listener-error', times: 2 });
    const late = await before.place('order');
    await before.status(late, 'CONFIRMED');
    await before.until('it has failed twice', async () => {
      const { faults } = await before.get('/dev/faults');
      return (faults as unknown[]).length === 0;
    });
    // And one whose workflow is on its way.
    const flying = await before.place('order');
    await (await before.stack)[how]();

    const after = open(directory);
    running = after.stack;
    expect((await after.entries(confirmed)).filter(({ kind }) => kind === 'step')).toEqual(steps);
    expect((await after.get(`/orders/${parked}`)).status).toBe('NEEDS_ATTENTION');
    expect((await after.entries(parked)).filter(({ kind }) => kind === 'step')).toEqual(undone);
    expect(await after.letters()).toEqual(['log-event']);

    // The token that the order was parked with before.
    await after.call('POST', `/ops/orders/${parked}/resume`, {});
    await after.status(parked, 'CANCELLED');
    const whole = (await after.entries(parked)).filter(({ kind }) => kind === 'step');
    expect(whole.slice(0, undone.length - 1)).toEqual(undone.slice(0, -1));
    expect(whole.at(-2)).toMatchObject({ name: 'PublishOrderCancelled' });
    const { failure } = await after.get(`/orders/${parked}`);
    expect(failure).toMatchObject({ error: 'AddressUndeliverableError' });

    await after.status(flying, 'CONFIRMED');
    await after.until('the mail has gone out', async () =>
      (await after.entries(late)).some(
        ({ kind, name, outcome }) =>
          kind === 'delivery' && name.includes('notify-customer') && outcome === 'done',
      ),
    );
    expect(await after.letters()).toEqual(['log-event']);
    await after.call('POST', '/ops/listeners/log-event/redrive');
    await after.until('the letter is delivered', async () => (await after.letters()).length === 0);

    const calls = async () =>
      ((await after.get('/dev/counts')) as { invocations: Record<string, number> }).invocations[
        'order-saga-dev-LogEvent'
      ] ?? 0;
    await after.until('nothing is under way', async () => (await after.get('/dev/counts')).underWay === 0);
    const earlier = await calls();
    await after.call('POST', '/ops/replays', {
      from: new Date(Date.now() - 600_000).toISOString(),
      to: new Date(Date.now() - 1_000).toISOString(),
      listener: 'log-event',
    });
    // What was published before the restart: two confirmations and a parking, at least.
    await after.until('the archive is replayed', async () => (await calls()) >= earlier + 3);
  }, 90_000);
});

describe('the journal', () => {
  it('survives a process that was killed in the middle of a line', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'order-saga-journal-'));
    const first = journal(directory);
    const shelf = first.shelf('shelf');
    shelf.put('a', { n: 1 });
    shelf.put('b', 2);
    shelf.put('a', { n: 3 });
    shelf.remove('b');
    appendFileSync(join(directory, 'journal.jsonl'), '["shelf","c",');
    first.close();
    shelf.put('d', 4);
    const second = journal(directory);
    expect(second.shelf('shelf').found).toEqual([['a', { n: 3 }]]);
    second.shelf('shelf').put('e', 5);
    expect(journal(directory).shelf('shelf').found).toEqual([
      ['a', { n: 3 }],
      ['e', 5],
    ]);
    rmSync(directory, { recursive: true });
  });
});

it('a token that was answered before the process ended wakes its workflow, and serves no more', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'order-saga-tokens-'));
  const before = taskTokens(journal(directory));
  const [good, bad, open] = ['m1', 'm2', 'm3'].map(before.issue) as [string, string, string];
  before.succeed(good, '{"resolutions":{}}');
  before.fail(bad, 'SomeError', 'because');

  const after = taskTokens(journal(directory));
  for (const token of [good, bad, open]) after.restore(token, 'm');
  expect(() => after.succeed(good, '{}')).toThrow('does not exist anymore');
  await expect(after.wait(good, Infinity)).resolves.toEqual({ resolutions: {} });
  await expect(after.wait(bad, Infinity)).rejects.toMatchObject({ name: 'SomeError', message: 'because' });
  after.succeed(open, '1');
  await expect(after.wait(open, Infinity)).resolves.toBe(1);
  rmSync(directory, { recursive: true });
});
