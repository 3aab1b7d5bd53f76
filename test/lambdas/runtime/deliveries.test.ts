import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { DeliveryInProgressError, deliveryTable } from '../../../lambdas/runtime/deliveries.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const deliveries = deliveryTable({
  DELIVERIES_TABLE: 'Deliveries',
  REMEMBERED_DAYS: 100,
  DELIVERY_ATTEMPTS: 2,
});
const AT = '2026-01-15T09:36:00.000Z';
const now = Date.parse(AT);
const orderId = 'ord_1';
const correlationId = 'corr-1';
const eventId = 'ord_1#OrderConfirmed';
const claim = (changes = {}) =>
  deliveries.claim({
    orderId,
    correlationId,
    listener: 'log-event',
    eventId,
    type: 'OrderConfirmed',
    heldUntil: Date.now() + 10_000,
    ...changes,
  });
/** It begins, and must not be done already. */
const begun = async (changes = {}) => {
  const attempt = await claim(changes);
  if (!attempt) throw new Error('it is done');
  return attempt;
};
const told = { orderId, correlationId, listener: 'log-event', eventId, type: 'OrderConfirmed' };

let tables: TablesInMemory;
beforeEach(() => {
  jest.useFakeTimers({ now, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  tables = tablesInMemory({ Deliveries: ['orderId', 'delivery'] });
});
afterEach(() => {
  jest.useRealTimers();
});
const row = () => tables.row('Deliveries', `${orderId}/log-event#${eventId}`);
const later = (ms: number) => jest.setSystemTime(Date.now() + ms);

describe('a claim', () => {
  it('puts the attempt on record, for as long as it is remembered', async () => {
    await claim();
    expect(row()).toEqual({
      ...told,
      delivery: `log-event#${eventId}`,
      status: 'STARTED',
      attempts: 1,
      startedAt: AT,
      heldUntil: now + 10_000,
      expiresAt: now / 1_000 + 100 * 86_400,
    });
  });

  it('holds until its time is over, and says by whom', async () => {
    await claim();
    later(10_000);
    const refused = claim();
    await expect(refused).rejects.toBeInstanceOf(DeliveryInProgressError);
    await expect(refused).rejects.toMatchObject({
      name: 'DeliveryInProgressError',
      message: `log-event is at work on ${eventId}`,
    });
    later(1);
    await expect(claim()).resolves.toBeDefined();
    expect(row()).toMatchObject({ status: 'STARTED', attempts: 2 });
  });

  it('of what is done is none, whenever it comes', async () => {
    await (await begun()).done();
    expect(row()).toMatchObject({ status: 'DONE', endedAt: AT });
    expect(row()).not.toHaveProperty('heldUntil');
    later(86_400_000);
    await expect(claim()).resolves.toBeUndefined();
    expect(row()).toMatchObject({ status: 'DONE', attempts: 1 });
  });

  it('of what has failed begins anew, and nothing is left of the failure', async () => {
    await (await begun()).failed('TypeError');
    expect(row()).toMatchObject({ status: 'FAILED', error: 'TypeError', endedAt: AT });
    expect(row()).not.toHaveProperty('heldUntil');
    await (await begun()).failed('RangeError');
    expect(row()).toMatchObject({ status: 'DEAD_LETTERED', error: 'RangeError', attempts: 2 });
    await claim();
    expect(row()).toMatchObject({ status: 'STARTED', attempts: 3 });
    expect(row()).not.toHaveProperty('error');
    expect(row()).not.toHaveProperty('endedAt');
  });

  it('that has been lost to another attempt cannot call that one failed', async () => {
    const late = await begun();
    later(10_001);
    await (await begun()).done();
    await expect(late.failed('TooLate')).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(row()).toMatchObject({ status: 'DONE', attempts: 2 });
  });

  it('passes on what is no refusal', async () => {
    tables.beforeNextWrite(() => Promise.reject(new Error('table away')));
    await expect(claim()).rejects.toThrow('table away');
  });
});

describe('the deliveries of an order', () => {
  it('are told in the order in which they were begun, all pages, without what is ours alone', async () => {
    await (await begun({ listener: 'b' })).done();
    later(1_000);
    await (await begun({ listener: 'a' })).failed('TypeError');
    await claim({ listener: 'c', orderId: 'ord_2' });
    expect(await deliveries.of(orderId)).toEqual([
      { ...told, listener: 'b', status: 'DONE', attempts: 1, startedAt: AT, endedAt: AT },
      {
        ...told,
        listener: 'a',
        status: 'FAILED',
        attempts: 1,
        startedAt: '2026-01-15T09:36:01.000Z',
        endedAt: '2026-01-15T09:36:01.000Z',
        error: 'TypeError',
      },
    ]);
    const [query] = tables.calls.commandCalls(QueryCommand);
    expect(query?.args[0].input.ConsistentRead).toBe(true);
  });

  it('whose function died say so once the claim has run out: failed, and at last dead-lettered', async () => {
    const seen = async () => (await deliveries.of(orderId)).map(({ status, error }) => [status, error]);
    await claim();
    later(10_000);
    expect(await seen()).toEqual([['STARTED', undefined]]);
    later(1);
    expect(await seen()).toEqual([['FAILED', 'FunctionDied']]);
    await claim();
    later(10_001);
    expect(await seen()).toEqual([['DEAD_LETTERED', 'FunctionDied']]);
  });
});

describe('the deliveries under a correlation id', () => {
  it('come page by page, of however many orders', async () => {
    for (const order of ['ord_1', 'ord_2', 'ord_3']) {
      await claim({ orderId: order });
      later(1);
    }
    await claim({ orderId: 'ord_4', correlationId: 'corr-2' });
    const first = await deliveries.under(correlationId, 2, undefined);
    expect(first.deliveries.map((each) => each.orderId)).toEqual(['ord_1', 'ord_2']);
    expect(first.next).toEqual({ orderId: 'ord_2', delivery: `log-event#${eventId}` });
    const second = await deliveries.under(correlationId, 2, first.next);
    expect(second.deliveries).toMatchObject([{ ...told, orderId: 'ord_3', status: 'STARTED' }]);
    expect(second).not.toHaveProperty('next');
  });

  it('are those of a page in the order in which they were begun', async () => {
    for (const order of ['ord_2', 'ord_1']) {
      await claim({ orderId: order });
      later(1);
    }
    const { deliveries: found } = await deliveries.under(correlationId, 100, undefined);
    expect(found.map((each) => each.orderId)).toEqual(['ord_2', 'ord_1']);
  });

  it('are none where there are none', async () => {
    expect(await deliveries.under('corr-9', 100, undefined)).toEqual({ deliveries: [] });
  });
});
