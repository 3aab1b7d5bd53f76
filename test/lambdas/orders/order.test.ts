import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type OrderRecord, orderTable } from '../../../lambdas/orders/order.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';
import { placedOrder } from './placed-orders.ts';

const orders = orderTable('Orders');
const openSince = '2026-01-15T09:30:00.000Z';
const parkedAt = '2026-01-15T09:36:00.000Z';
const later = '2026-01-15T09:50:00.000Z';
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
    ['park', () => orders.park('ord_1', parkedAt, parking)],
    ['unpark', () => orders.unpark('ord_1', parkedAt)],
    ['reopen', () => orders.reopen('ord_1', openSince, 'operator-1')],
    ['settle', () => orders.settle('ord_1', outcome)],
  ])('%s leaves no half a record of an order that is not there', async (_, change) => {
    await expect(change()).resolves.toBe(false);
    expect(tables.rowsOf('Orders')).toEqual([]);
  });

  it.each<[string, () => Promise<boolean>]>([
    ['park', () => orders.park('ord_1', parkedAt, parking)],
    ['unpark', () => orders.unpark('ord_1', parkedAt)],
    ['reopen', () => orders.reopen('ord_1', openSince, 'operator-1')],
    ['settle', () => orders.settle('ord_1', outcome)],
  ])('%s is not taken for refused where the table is away', async (_, change) => {
    tables.beforeNextWrite(() => Promise.reject(new Error('table away')));
    await expect(change()).rejects.toThrow('table away');
  });
});

describe('to park', () => {
  it('marks an open order', async () => {
    placed(placedOrder({ openSince }));
    await expect(orders.park('ord_1', parkedAt, parking)).resolves.toBe(true);
    expect(order()).toEqual(placedOrder({ openSince, parkedAt, parking, resumptions: {} }));
  });

  it.each([
    ['ParkUndo', 'CANCELLED'],
    ['ParkCancellation', 'CANCELLED'],
    ['ParkConfirmation', 'CONFIRMED'],
  ] as const)('in %s marks none that has ended %s: the call comes late', async (state, status) => {
    const ended = placedOrder({ outcome: { ...outcome, status } });
    placed(ended);
    await expect(orders.park('ord_1', parkedAt, { ...parking, state })).resolves.toBe(false);
    expect(order()).toEqual(ended);
  });

  it('marks a confirmed one whose cancellation does not get on', async () => {
    const confirmed = placedOrder({ outcome: { ...outcome, status: 'CONFIRMED' } });
    placed(confirmed);
    await expect(orders.park('ord_1', parkedAt, { ...parking, state: 'ParkUndo' })).resolves.toBe(true);
    expect(order()).toMatchObject({ parkedAt });
  });

  it('again replaces the first', async () => {
    placed(placedOrder({ openSince, parkedAt, parking }));
    const again = { ...parking, token: 'token-2' };
    await expect(orders.park('ord_1', later, again)).resolves.toBe(true);
    expect(order()).toEqual(placedOrder({ openSince, parkedAt: later, parking: again, resumptions: {} }));
  });
});

describe('to unpark', () => {
  it('takes away the mark that was seen, and leaves the order open', async () => {
    placed(placedOrder({ openSince, parkedAt, parking }));
    await expect(orders.unpark('ord_1', parkedAt)).resolves.toBe(true);
    expect(order()).toEqual(placedOrder({ openSince }));
  });

  it.each([
    ['has been parked again since', placedOrder({ openSince, parkedAt: later, parking })],
    ['is not parked', placedOrder({ openSince })],
  ])('leaves an order as it is that %s', async (_, found) => {
    placed(found);
    await expect(orders.unpark('ord_1', parkedAt)).resolves.toBe(false);
    expect(order()).toEqual(found);
  });
});

describe('to reopen', () => {
  it('opens a confirmed order, which stays confirmed until it is cancelled', async () => {
    placed(placedOrder({ outcome }));
    await expect(orders.reopen('ord_1', later, 'operator-1')).resolves.toBe(true);
    const cancelling = { at: later, by: 'operator-1' };
    expect(order()).toEqual(placedOrder({ outcome, openSince: later, cancelling }));
  });

  it('keeps since when it is open, and who was the first to ask', async () => {
    const cancelling = { at: openSince, by: 'customer-1' };
    placed(placedOrder({ outcome, openSince, cancelling }));
    await expect(orders.reopen('ord_1', later, 'operator-1')).resolves.toBe(true);
    expect(order()).toEqual(placedOrder({ outcome, openSince, cancelling }));
  });
});

describe('to settle', () => {
  it('ends an open order, parked or not', async () => {
    placed(placedOrder({ openSince, parkedAt, parking }));
    await expect(orders.settle('ord_1', outcome)).resolves.toBe(true);
    expect(order()).toEqual(placedOrder({ outcome }));
  });

  it('leaves one alone whose end is known', async () => {
    const cancelled = placedOrder({ outcome: { status: 'CANCELLED', endedAt: parkedAt, reason: 'E' } });
    placed(cancelled);
    await expect(orders.settle('ord_1', outcome)).resolves.toBe(false);
    expect(order()).toEqual(cancelled);
  });
});

describe('the sparse indexes', () => {
  it('hold what is open, and what is parked', async () => {
    const [a, b, c] = [
      placedOrder({ orderId: 'a', openSince }),
      placedOrder({ orderId: 'b', openSince, parkedAt, parking }),
      placedOrder({ orderId: 'c', outcome }),
    ];
    for (const each of [a, b, c]) placed(each);
    await expect(orders.open()).resolves.toEqual([a, b]);
    await expect(orders.parked()).resolves.toEqual([b]);
  });

  it.each(['open', 'parked'] as const)('%s is read to its last page', async (index) => {
    const key = { orderId: 'ord_1', openSince };
    tables.calls
      .on(ScanCommand)
      .resolvesOnce({ Items: [placedOrder()], LastEvaluatedKey: key })
      .resolvesOnce({ LastEvaluatedKey: key })
      .resolves({ Items: [placedOrder({ orderId: 'ord_2' })] });
    await expect(orders[index]()).resolves.toHaveLength(2);
    const asked = tables.calls.commandCalls(ScanCommand).map(({ args: [{ input }] }) => input);
    expect(asked.map(({ IndexName }) => IndexName)).toEqual([index, index, index]);
    expect(asked.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([undefined, key, key]);
  });
});
