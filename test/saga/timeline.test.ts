import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../local/faults/faults.ts';
import { UNDOS } from '../../saga/steps.ts';
import type { Shop } from '../../testbed/shop.ts';
import { listenersOf } from '../lib/templates.ts';
import { HAPPY, UNDONE } from './paths.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop((opened) => {
  shop = opened;
});

const failing = (state: string): Omit<Fault, 'orderId'>[] =>
  Array.from({ length: 11 }, (_, index) => ({ state, attempt: index + 1, fault: 'error-before' }));
const UNDELIVERABLE = { postalCode: '00000' };
const engineCalls = () => shop.stack.counts().engineCalls.GetExecutionHistory ?? 0;
const timelineOf = (orderId: string) => shop.request('GET', `/orders/${orderId}/timeline`);
const names = (story: readonly { kind: string; name: string }[], kind: string) =>
  story.filter((entry) => entry.kind === kind).map(({ name }) => name);

describe('a customer', () => {
  it('reads that something failed, and nothing of what an exception said; an operator does', async () => {
    const wish = { items: [{ sku: 'MUG', quantity: 12 }], ...UNDELIVERABLE };
    const { orderId, story, order } = await shop.order(wish, failing('RefundPayment'));
    const operator = JSON.stringify([story, order]);
    expect(operator).toContain('InjectedError');
    expect(operator).toContain('a fault was asked for');
    expect(operator).toContain('no delivery to its postal code');

    const { body: timeline } = await timelineOf(orderId);
    const { body: seen } = await shop.request('GET', `/orders/${orderId}`);
    const customer = JSON.stringify([timeline, seen]);
    expect(customer).not.toMatch(/InjectedError|a fault was asked for|no delivery to its postal code|arn:/);
    expect(seen.failure).toMatchObject({
      error: 'AddressUndeliverableError',
      message: 'The carrier does not deliver to this address.',
      parked: { state: 'ParkUndo', error: 'TechnicalError' },
    });
    expect((timeline.entries as unknown[]).length).toBe(story.length);
  });

  it('does not read that fraud is suspected', async () => {
    const { orderId, order, story } = await shop.order({ items: [{ sku: 'MUG', quantity: 12 }] });
    expect(order).toHaveProperty('review');
    expect(names(story, 'event')).toContain('FraudSuspected');
    const { body: timeline } = await timelineOf(orderId);
    const { body: seen } = await shop.request('GET', `/orders/${orderId}`);
    expect(JSON.stringify([timeline, seen])).not.toMatch(/review|FraudSuspected|BULK_QUANTITY/);
  });
});

describe('the timeline', () => {
  it('of a happy order tells its steps, its event and what listeners made of it, in time order', async () => {
    const { story } = await shop.order();
    expect(names(story, 'step')).toEqual(HAPPY);
    expect(names(story, 'event')).toEqual(['OrderConfirmed']);
    expect(names(story, 'delivery').sort()).toEqual(listenersOf('OrderConfirmed'));
    expect(story.filter(({ kind }) => kind === 'delivery').every(({ outcome }) => outcome === 'done')).toBe(
      true,
    );
    const times = story.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });

  it('keeps orders apart that share a correlation id', async () => {
    const header = { 'x-correlation-id': 'shared-by-two' };
    const [one, two] = await Promise.all(
      [{}, UNDELIVERABLE].map((wish) => shop.request('POST', '/orders', shop.bodyOf(wish), header)),
    );
    await shop.settle();
    for (const [placed, event] of [
      [one, 'OrderConfirmed'],
      [two, 'OrderCancelled'],
    ] as const)
      expect(names((await shop.look(String(placed?.body.orderId))).story, 'event')).toEqual([event]);
  });

  it('of an order that was parked tells why it waited and who has resumed it', async () => {
    const { orderId, order, story } = await shop.order(UNDELIVERABLE, failing('RefundPayment'));
    expect(order.failure).toMatchObject({
      error: 'AddressUndeliverableError',
      undone: UNDOS.slice(1, -1),
      parked: { state: 'ParkUndo', error: 'InjectedError', since: expect.any(String) },
    });
    expect(story).toContainEqual(
      expect.objectContaining({
        kind: 'parking',
        name: 'ParkUndo',
        outcome: 'parked',
        detail: { error: 'InjectedError' },
      }),
    );
    const resolutions = { RefundPayment: { note: 'paid in cash' } };
    await shop.request('POST', `/ops/orders/${orderId}/resume`, { resolutions });
    await shop.settle();
    const { body } = await shop.request('GET', `/ops/orders/${orderId}/timeline`);
    expect(body.entries).toContainEqual(
      expect.objectContaining({
        kind: 'parking',
        outcome: 'resumed',
        detail: { by: 'local-operator', note: 'RefundPayment: paid in cash' },
      }),
    );
    expect((await shop.look(orderId)).path.slice(-UNDONE.length)).toEqual(UNDONE);
  });

  it('goes on through the workflow that recovers the order', async () => {
    const { orderId } = await shop.order({}, [{ state: 'CreateShipment', attempt: 1, fault: 'abort' }]);
    const { body } = await timelineOf(orderId);
    const steps = body.entries as { kind: string; detail: { workflow?: string } }[];
    expect(new Set(steps.flatMap(({ detail }) => detail.workflow ?? []))).toEqual(
      new Set(['OrderFulfillment', 'OrderContinuation']),
    );
  });

  it('says that the steps are gone where the engine has forgotten the order', async () => {
    const { orderId: told } = await shop.order();
    const orderId = await shop.recordOnly(told, `ord_${'f'.repeat(26)}`);
    await shop.stack.call('DynamoDB_20120810', 'UpdateItem', {
      TableName: 'RecordsOrders',
      Key: { orderId: { S: orderId } },
      UpdateExpression: 'SET outcome = :outcome REMOVE openSince, lookedAt',
      ExpressionAttributeValues: {
        ':outcome': { M: { status: { S: 'CONFIRMED' }, endedAt: { S: '2026-01-15T09:30:00.000Z' } } },
      },
    });
    expect((await timelineOf(orderId)).body).toMatchObject({
      entries: [],
      outcome: { status: 'CONFIRMED' },
      sources: { steps: 'gone', note: expect.stringContaining('90 days') },
    });
  });
});

describe('fifty clients who poll one order', () => {
  const poll = (orderId: string, clients: number, polls: number) =>
    Promise.all(
      Array.from({ length: clients }, async () => {
        for (let count = 0; count < polls; count += 1) await shop.request('GET', `/orders/${orderId}`);
      }),
    );

  it('in flight, ask the engine no more often than one would: once a second', async () => {
    const { orderId } = await shop.order({}, failing('PublishOrderConfirmed'));
    const before = engineCalls();
    const started = Date.now();
    await poll(orderId, 50, 5);
    const seconds = (Date.now() - started) / 1_000;
    expect(engineCalls() - before).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
    await shop.request('POST', `/ops/orders/${orderId}/resume`, {});
    await shop.settle();
  });

  it('finished, cost one read each, and no look at the engine', async () => {
    const { orderId } = await shop.order();
    const reads = () => shop.stack.counts().tableAccesses.GetItem ?? 0;
    const before = [engineCalls(), reads()];
    await poll(orderId, 50, 1);
    expect([engineCalls(), reads()]).toEqual([before[0], (before[1] ?? 0) + 50]);
  });
});

describe('operators', () => {
  const listed = async (query: string) =>
    (await shop.request('GET', `/ops/orders?limit=100${query}`)).body.orders as {
      orderId: string;
      status: string;
    }[];

  it('list orders by status', async () => {
    const parked = await shop.order(UNDELIVERABLE, failing('RefundPayment'));
    const confirmed = await shop.order();
    const all = await listed('');
    expect(all.map(({ orderId }) => orderId)).toEqual(
      expect.arrayContaining([parked.orderId, confirmed.orderId]),
    );
    for (const status of ['PENDING', 'CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION'])
      expect(await listed(`&status=${status}`)).toEqual(all.filter((order) => order.status === status));
    await shop.request('POST', `/ops/orders/${parked.orderId}/resume`, {});
    await shop.settle();
  });

  it('see and cancel any order, and have the reconciler look', async () => {
    const { orderId } = await shop.order();
    expect((await shop.request('GET', `/ops/orders/${orderId}`)).body).toMatchObject({ orderId });
    expect(await shop.request('POST', `/ops/orders/${orderId}/cancel`)).toMatchObject({ status: 202 });
    await shop.settle();
    expect((await shop.look(orderId)).order).toMatchObject({
      status: 'CANCELLED',
      failure: { error: 'CancelledByOperator' },
    });
    expect(await shop.request('POST', '/ops/reconcile')).toMatchObject({
      status: 200,
      body: { started: [], settled: [], recovered: [], failed: [] },
    });
  });
});
