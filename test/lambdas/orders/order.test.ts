import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { goOnFrom } from '../../../lambdas/orders/go-on-from.ts';
import { type OrderRecord, openedAt } from '../../../lambdas/orders/order.ts';
import { orderTable } from '../../../lambdas/orders/order-table.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';
import { placedOrder } from './placed-orders.ts';

const orders = orderTable('Orders');
const openSince = '2026-01-15T09:30:00.000Z';
const waiting = { orderId: 'ord_1', correlationId: 'corr-1', lookedAt: openSince };
const parkedAt = '2026-01-15T09:36:00.000Z';
const later = '2026-01-15T09:50:00.000Z';
const wait = { parkedAt, retries: 0 };
const parking = { state: 'ParkUndo', error: 'OopsError', token: 'token-1', resolutions: {} };
const outcome = { status: 'CONFIRMED', endedAt: later } as const;

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId' });
});
const placed = (order: OrderRecord) => tables.seed('Orders', { ...order });
const order = () => tables.row('Orders', 'ord_1');

describe('each change of an order', () => {
  it.each<[string, () => Promise<boolean>]>([
    ['park', () => orders.park('ord_1', wait, parking, 'CancelShipment')],
    ['unpark', () => orders.unpark('ord_1', parkedAt, parking)],
    ['reopen', () => orders.reopen('ord_1', outcome, openSince, 'operator-1')],
    ['settle', () => orders.settle(waiting, outcome)],
  ])('%s leaves no half a record of an order that is not there', async (_, change) => {
    await expect(change()).resolves.toBe(false);
    expect(tables.rowsOf('Orders')).toEqual([]);
  });

  it.each<[string, () => Promise<boolean>]>([
    ['park', () => orders.park('ord_1', wait, parking, 'CancelShipment')],
    ['unpark', () => orders.unpark('ord_1', parkedAt, parking)],
    ['reopen', () => orders.reopen('ord_1', outcome, openSince, 'operator-1')],
    ['settle', () => orders.settle(waiting, outcome)],
  ])('%s is not taken for refused where the table is away', async (_, change) => {
    tables.beforeNextWrite(() => Promise.reject(new Error('table away')));
    await expect(change()).rejects.toThrow('table away');
  });
});

describe('to park', () => {
  it('marks an open order', async () => {
    placed(placedOrder({ openSince }));
    await expect(orders.park('ord_1', wait, parking, 'CancelShipment')).resolves.toBe(true);
    expect(order()).toEqual(
      placedOrder({ openSince, parkedAt, parking, resumptions: {}, lastWait: `${parkedAt}#000` }),
    );
  });

  it.each([
    ['ParkUndo', 'CANCELLED'],
    ['ParkCancellation', 'CANCELLED'],
    ['ParkConfirmation', 'CONFIRMED'],
  ] as const)('in %s marks none that has ended %s: the call comes late', async (state, status) => {
    const ended = placedOrder({ outcome: { ...outcome, status } });
    placed(ended);
    await expect(orders.park('ord_1', wait, { ...parking, state }, goOnFrom(state))).resolves.toBe(false);
    expect(order()).toEqual(ended);
  });

  it('marks a confirmed one whose cancellation does not get on', async () => {
    const confirmed = placedOrder({ outcome: { ...outcome, status: 'CONFIRMED' } });
    placed(confirmed);
    await expect(
      orders.park('ord_1', wait, { ...parking, state: 'ParkUndo' }, 'CancelShipment'),
    ).resolves.toBe(true);
    expect(order()).toMatchObject({ parkedAt });
  });

  const key = (retries: number, at = parkedAt) => `${at}#00${retries}`;
  const parkedBy = (at: string, retries: number, token: string) => ({
    parkedAt: at,
    parking: { ...parking, token },
    lastWait: key(retries, at),
    resumptions: {},
  });

  it.each([
    ['by a later wait', { parkedAt: later, retries: 0 }],
    ['by a later attempt of the same wait', { parkedAt, retries: 1 }],
    ['by the same once more, whose answer was lost', { parkedAt, retries: 0 }],
  ])('again %s replaces the first', async (_, again) => {
    placed(placedOrder({ openSince, ...parkedBy(parkedAt, 0, 'token-1') }));
    const next = { ...parking, token: 'token-2' };
    await expect(orders.park('ord_1', again, next, 'CancelShipment')).resolves.toBe(true);
    expect(order()).toEqual(
      placedOrder({ openSince, ...parkedBy(again.parkedAt, again.retries, 'token-2') }),
    );
  });

  it.each([
    ['an earlier wait', placedOrder({ openSince, ...parkedBy(later, 0, 'token-3') })],
    ['an earlier attempt of the wait', placedOrder({ openSince, ...parkedBy(parkedAt, 2, 'token-3') })],
    ['a wait that is over', placedOrder({ openSince, lastWait: key(1), resumptions: {} })],
  ])('by %s that comes late changes nothing: its token is dead', async (_, found) => {
    placed(found);
    await expect(orders.park('ord_1', { parkedAt, retries: 1 }, parking, 'CancelShipment')).resolves.toBe(
      false,
    );
    expect(order()).toEqual(found);
  });

  it('waits to tell that an order is kept only as long as that is not known', async () => {
    const kept = { ...parking, state: 'ParkKeeping' };
    const outcome = { status: 'CONFIRMED', endedAt: later } as const;
    placed(placedOrder({ outcome, openSince }));
    await expect(orders.park('ord_1', wait, kept, 'KeepShipment')).resolves.toBe(true);
    placed(placedOrder({ outcome: { ...outcome, isKept: true } }));
    await expect(orders.park('ord_1', wait, kept, 'KeepShipment')).resolves.toBe(false);
    expect(order()).not.toHaveProperty('parking');
  });
});

describe('to unpark', () => {
  it('takes away the mark that was seen, and leaves the order open', async () => {
    placed(placedOrder({ openSince, parkedAt, parking }));
    await expect(orders.unpark('ord_1', parkedAt, parking)).resolves.toBe(true);
    expect(order()).toEqual(placedOrder({ openSince }));
  });

  it.each([
    ['has been parked again since', placedOrder({ openSince, parkedAt: later, parking })],
    [
      'waits by a later token',
      placedOrder({ openSince, parkedAt, parking: { ...parking, token: 'token-2' } }),
    ],
    ['is not parked', placedOrder({ openSince })],
  ])('leaves an order as it is that %s', async (_, found) => {
    placed(found);
    await expect(orders.unpark('ord_1', parkedAt, parking)).resolves.toBe(false);
    expect(order()).toEqual(found);
  });
});

describe('to reopen', () => {
  it('opens a confirmed order, which stays confirmed until it is cancelled', async () => {
    placed(placedOrder({ outcome }));
    await expect(orders.reopen('ord_1', outcome, later, 'operator-1')).resolves.toBe(true);
    const cancelling = { at: later, by: 'operator-1' };
    expect(order()).toEqual(placedOrder({ outcome, openSince: later, lookedAt: later, cancelling }));
  });

  it('opens none that is cancelled meanwhile', async () => {
    const cancelled = placedOrder({ outcome: { ...outcome, status: 'CANCELLED' } });
    placed(cancelled);
    await expect(orders.reopen('ord_1', outcome, later, 'operator-1')).resolves.toBe(false);
    expect(order()).toEqual(cancelled);
  });

  it('opens none that was kept meanwhile: that is another end than the one that was read', async () => {
    const kept = placedOrder({ outcome: { ...outcome, endedAt: parkedAt, isKept: true } });
    placed(kept);
    await expect(orders.reopen('ord_1', outcome, later, 'operator-1')).resolves.toBe(false);
    expect(order()).toEqual(kept);
  });

  it('keeps since when it is open, and who was the first to ask', async () => {
    const cancelling = { at: openSince, by: 'customer-1' };
    placed(placedOrder({ outcome, openSince, cancelling }));
    await expect(orders.reopen('ord_1', outcome, later, 'operator-1')).resolves.toBe(true);
    expect(order()).toEqual(placedOrder({ outcome, openSince, lookedAt: later, cancelling }));
  });
});

describe('to settle', () => {
  const outcomeShard = `${outcome.status}#${openedAt('ord_1', openSince).shard}`;

  it('ends an open order, parked or not', async () => {
    placed(placedOrder({ openSince, lookedAt: openSince, parkedAt, parking }));
    await expect(orders.settle(waiting, outcome)).resolves.toBe(true);
    expect(order()).toEqual(placedOrder({ outcome, outcomeShard }));
  });

  it('leaves one alone whose end is known', async () => {
    const cancelled = placedOrder({ outcome: { status: 'CANCELLED', endedAt: parkedAt, reason: 'E' } });
    placed(cancelled);
    await expect(orders.settle(waiting, outcome)).resolves.toBe(false);
    expect(order()).toEqual(cancelled);
  });

  it('leaves one alone that its customer has begun to cancel since it was looked at', async () => {
    placed(placedOrder({ outcome, openSince: later, lookedAt: later }));
    await expect(orders.settle(waiting, outcome)).resolves.toBe(false);
    expect(order()).toMatchObject({ openSince: later });
  });
});

describe('the queue of open orders', () => {
  const opened = (orderId: string, at: string) => placedOrder({ orderId, ...openedAt(orderId, at) });
  const inTurn = async (before: string) => {
    const ids: string[] = [];
    for await (const { orderId } of orders.waiting(before)) ids.push(orderId);
    return ids;
  };

  it('holds those that nobody has looked at since, who has waited longest first, whichever their shard', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `ord_${index}`);
    const at = (index: number) => new Date(Date.parse(openSince) + index * 1_000).toISOString();
    for (const [index, id] of ids.entries()) placed(opened(id, at(index)));
    await expect(inTurn(at(30))).resolves.toEqual(ids.slice(0, 30));
  });

  it('spreads what is written over several partitions', () => {
    const shards = Array.from({ length: 100 }, (_, index) => openedAt(`ord_${index}`, later).shard);
    expect(new Set(shards).size).toBe(4);
  });

  it('is left for its end by who is looked at, and read as it is now', async () => {
    placed({ ...opened('ord_1', openSince), parkedAt });
    await expect(orders.takeTurn(waiting, later)).resolves.toMatchObject({ parkedAt, lookedAt: later });
    expect(order()).toMatchObject({ openSince, lookedAt: later });
  });

  it('gives a turn once, however far the index is behind', async () => {
    placed(opened('ord_1', openSince));
    const turns = await Promise.all([orders.takeTurn(waiting, later), orders.takeTurn(waiting, later)]);
    expect(turns.filter((turn) => turn)).toHaveLength(1);
  });

  it('gives none to an order that has ended', async () => {
    placed(placedOrder({ outcome }));
    await expect(orders.takeTurn(waiting, later)).resolves.toBeUndefined();
    expect(order()).toEqual(placedOrder({ outcome }));
  });
});

describe('the sparse indexes', () => {
  it('hold what is open, and what is parked', async () => {
    const [a, b, c] = [
      placedOrder({ orderId: 'a', ...openedAt('a', openSince) }),
      placedOrder({ orderId: 'b', ...openedAt('b', openSince), parkedAt, parking }),
      placedOrder({ orderId: 'c', outcome }),
    ];
    for (const each of [a, b, c]) placed(each);
    expect((await orders.open()).map(({ orderId }) => orderId).sort()).toEqual(['a', 'b']);
    await expect(orders.parked()).resolves.toEqual([b]);
  });

  it('open is read to the last page of each shard', async () => {
    const key = { orderId: 'ord_1', shard: '0', lookedAt: openSince };
    tables.calls
      .on(QueryCommand)
      .resolves({ Items: [placedOrder()] })
      .on(QueryCommand, { ExpressionAttributeValues: { ':partition': '0', ':before': '~' } })
      .resolvesOnce({ Items: [placedOrder()], LastEvaluatedKey: key })
      .resolves({ Items: [placedOrder()] });
    await expect(orders.open()).resolves.toHaveLength(5);
    const asked = tables.calls.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
    expect(asked.at(-1)).toMatchObject({ IndexName: 'open', ExclusiveStartKey: key });
  });

  it('parked too', async () => {
    const key = { orderId: 'ord_1', shard: '0', parkedAt };
    tables.calls
      .on(QueryCommand)
      .resolves({})
      .on(QueryCommand, { ExpressionAttributeValues: { ':partition': '0' } })
      .resolvesOnce({ Items: [placedOrder()], LastEvaluatedKey: key })
      .resolvesOnce({ LastEvaluatedKey: key })
      .resolves({ Items: [placedOrder({ orderId: 'ord_2' })] });
    await expect(orders.parked()).resolves.toHaveLength(2);
    const asked = tables.calls.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
    expect(asked.at(-1)).toMatchObject({ IndexName: 'parked', ExclusiveStartKey: key });
  });
});
