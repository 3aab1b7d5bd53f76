import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  InventoryUnavailableError,
  OutOfStockError,
  StockMissingError,
} from '../../../lambdas/inventory/errors.ts';
import { type ReservedItem, stockOf } from '../../../lambdas/inventory/stock.ts';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import type { Resolution } from '../../../lambdas/runtime/undo-task.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const stock = stockOf({ stock: 'Stock', reservations: 'Reservations' });
const order = 'ord_1';
const correlationId = 'corr-1';
const items: readonly ReservedItem[] = [
  { sku: 'MUG', quantity: 2 },
  { sku: 'TEA', quantity: 1 },
];

const reserve = (wanted = items) => stock.reserve({ orderId: order, correlationId, items: wanted });
const release = (resolution?: Resolution) => stock.release({ orderId: order, correlationId, resolution });

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Stock: 'sku', Reservations: 'orderId' });
  tables.seed('Stock', { sku: 'MUG', available: 10 }, { sku: 'TEA', available: 1 });
});
const available = (sku: string) => tables.row('Stock', sku)?.available;
const reservation = () => tables.row('Reservations', order);

const cancelledBy = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    $metadata: {},
    message: 'Transaction cancelled',
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

describe('a reservation', () => {
  it('takes every line and is written with them in one transaction', async () => {
    await reserve();
    expect(available('MUG')).toBe(8);
    expect(available('TEA')).toBe(0);
    expect(reservation()).toEqual({ orderId: order, correlationId, state: 'RESERVED', items });
    const [
      {
        args: [{ input }],
      } = { args: [{ input: {} }] },
      ...others
    ] = tables.calls.commandCalls(TransactWriteCommand);
    expect(others).toEqual([]);
    expect(input).toEqual({
      TransactItems: [
        {
          Put: {
            TableName: 'Reservations',
            Item: { orderId: order, correlationId, state: 'RESERVED', items },
            ConditionExpression: 'attribute_not_exists(orderId)',
          },
        },
        ...items.map(({ sku, quantity }) => ({
          Update: {
            TableName: 'Stock',
            Key: { sku },
            UpdateExpression: 'SET available = available - :quantity',
            ConditionExpression: 'available >= :quantity',
            ExpressionAttributeValues: { ':quantity': quantity },
          },
        })),
      ],
    });
  });

  it('is content with itself when it is repeated, even where nothing is left', async () => {
    await reserve();
    await reserve();
    expect(available('MUG')).toBe(8);
    expect(available('TEA')).toBe(0);
  });

  it.each(['RELEASED', 'VOIDED'])('is refused where the order is %s', async (state) => {
    tables.seed('Reservations', { orderId: order, state, items: [] });
    await expect(reserve()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(available('MUG')).toBe(10);
    expect(reservation()).toMatchObject({ state });
  });

  it('takes nothing where one line is short, and names the lines that are', async () => {
    const wanted = [
      { sku: 'TEA', quantity: 2 },
      { sku: 'MUG', quantity: 2 },
      { sku: 'NEVER-STOCKED', quantity: 1 },
    ];
    const refused = reserve(wanted);
    await expect(refused).rejects.toBeInstanceOf(OutOfStockError);
    await expect(refused).rejects.toMatchObject({ skus: ['TEA', 'NEVER-STOCKED'] });
    await expect(refused).rejects.toThrow(`order ${order} asks for more than there is of TEA, NEVER-STOCKED`);
    expect(available('MUG')).toBe(10);
    expect(reservation()).toMatchObject({ state: 'OUT_OF_STOCK', items: [], skus: ['TEA', 'NEVER-STOCKED'] });
  });

  it('that is refused stays so for an earlier attempt that is still on its way, though the goods return', async () => {
    const wanted = [{ sku: 'TEA', quantity: 2 }];
    await expect(reserve(wanted)).rejects.toBeInstanceOf(OutOfStockError);
    tables.seed('Stock', { sku: 'TEA', available: 5 });
    const writes = tables.writes();
    await expect(reserve(wanted)).rejects.toMatchObject({ name: 'OutOfStockError', skus: ['TEA'] });
    // Nothing but the one that was refused.
    expect(tables.writes()).toBe(writes + 1);
    expect(available('TEA')).toBe(5);
    await release();
    expect(reservation()).toMatchObject({ state: 'OUT_OF_STOCK' });
    expect(available('TEA')).toBe(5);
  });

  it('goes through where an earlier attempt has gone through since it was refused', async () => {
    tables.calls.on(TransactWriteCommand).rejectsOnce(cancelledBy('None', 'None', 'ConditionalCheckFailed'));
    tables.beforeNextWrite(async () =>
      tables.seed('Reservations', { orderId: order, state: 'RESERVED', items }),
    );
    await expect(reserve()).resolves.toBeUndefined();
    expect(reservation()).toMatchObject({ state: 'RESERVED' });
  });

  it('that is refused behind an undo meets its fence', async () => {
    tables.calls.on(TransactWriteCommand).rejectsOnce(cancelledBy('None', 'None', 'ConditionalCheckFailed'));
    tables.beforeNextWrite(async () =>
      tables.seed('Reservations', { orderId: order, state: 'VOIDED', items: [] }),
    );
    await expect(reserve()).rejects.toThrow(new OrderAlreadyCancelledError(order));
  });

  it('of exactly what is left goes through', async () => {
    await reserve([{ sku: 'MUG', quantity: 10 }]);
    expect(available('MUG')).toBe(0);
  });

  it.each([
    ['a conflict on a line', ['None', 'TransactionConflict', 'None']],
    ['a conflict on the reservation', ['TransactionConflict', 'None', 'None']],
    ['throttling', ['None', 'None', 'ThrottlingError']],
    ['reasons unknown', []],
  ])('is worth a retry after %s', async (_, codes) => {
    tables.calls.on(TransactWriteCommand).rejects(cancelledBy(...codes));
    await expect(reserve()).rejects.toThrow(new InventoryUnavailableError(order));
  });

  it.each([
    ['another attempt of its own', ['TransactionConflict', 'None', 'ConditionalCheckFailed']],
    ['a conflict on another line', ['None', 'TransactionConflict', 'ConditionalCheckFailed']],
    ['a throttle', ['None', 'ThrottlingError', 'ConditionalCheckFailed']],
    ['exceeded throughput', ['None', 'ProvisionedThroughputExceeded', 'ConditionalCheckFailed']],
  ])('is not known to be short of anything beside %s', async (_, codes) => {
    tables.calls.on(TransactWriteCommand).rejects(cancelledBy(...codes));
    await expect(reserve()).rejects.toThrow(new InventoryUnavailableError(order));
  });

  it('is tried again after a conflict, and then out of stock or not', async () => {
    const conflict = cancelledBy('None', 'TransactionConflict', 'ConditionalCheckFailed');
    const writes = tables.calls.on(TransactWriteCommand).rejectsOnce(conflict);
    writes.rejectsOnce(cancelledBy('None', 'None', 'ConditionalCheckFailed'));
    await expect(reserve()).rejects.toMatchObject({ name: 'OutOfStockError', skus: ['TEA'] });
    tables.remove('Reservations', order);
    writes.rejectsOnce(conflict).resolvesOnce({});
    await expect(reserve()).resolves.toBeUndefined();
  });

  it('passes any other failure on', async () => {
    tables.calls.on(TransactWriteCommand).rejects(new Error('table away'));
    await expect(reserve()).rejects.toThrow('table away');
  });
});

describe('a release', () => {
  it('puts back what the order holds, once', async () => {
    await reserve();
    await release();
    await release();
    expect(available('MUG')).toBe(10);
    expect(available('TEA')).toBe(1);
    expect(reservation()).toMatchObject({ state: 'RELEASED', items });
  });

  it('puts back nothing where another release comes first', async () => {
    await reserve();
    tables.calls.on(TransactWriteCommand).rejects(cancelledBy('ConditionalCheckFailed', 'None', 'None'));
    await expect(release()).resolves.toBeUndefined();
  });

  it('moves the reservation under the condition that it is still held', async () => {
    await reserve();
    await release();
    const { input } = tables.calls.commandCall(1, TransactWriteCommand).args[0];
    expect(input.TransactItems?.[0]?.Update).toMatchObject({
      TableName: 'Reservations',
      Key: { orderId: order },
      ConditionExpression: '#state = :reserved',
      ExpressionAttributeValues: { ':reserved': 'RESERVED' },
    });
  });

  it.each(['RELEASED', 'VOIDED'])('of a %s order has nothing to do', async (state) => {
    tables.seed('Reservations', { orderId: order, state, items });
    await release();
    expect(tables.writes()).toBe(0);
  });

  it('of nothing writes the fence, at which a later reservation is refused', async () => {
    await release();
    expect(reservation()).toMatchObject({ state: 'VOIDED', items: [] });
    await expect(reserve()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(available('MUG')).toBe(10);
  });

  it('looks again where a reservation was made before the fence was written', async () => {
    tables.beforeNextWrite(() => reserve());
    await release();
    expect(reservation()).toMatchObject({ state: 'RELEASED' });
    expect(available('MUG')).toBe(10);
  });

  it('is not disturbed by a fence that was written and answers that it was refused', async () => {
    tables.doubtWriteTo('VOIDED');
    await release();
    expect(reservation()).toMatchObject({ state: 'VOIDED' });
  });

  it('is worth a retry where the stock is contended, and leaves the reservation as it was', async () => {
    await reserve();
    tables.calls.on(TransactWriteCommand).rejects(cancelledBy('None', 'TransactionConflict', 'None'));
    await expect(release()).rejects.toThrow(new InventoryUnavailableError(order));
    expect(reservation()).toMatchObject({ state: 'RESERVED' });
  });

  it('of what is no longer in stock names the SKUs, and puts back nothing: no retry changes that', async () => {
    await reserve();
    tables.remove('Stock', 'TEA');
    const refused = release();
    await expect(refused).rejects.toBeInstanceOf(StockMissingError);
    await expect(refused).rejects.toMatchObject({ skus: ['TEA'] });
    expect(available('MUG')).toBe(8);
    expect(reservation()).toMatchObject({ state: 'RESERVED' });
  });

  it('names every SKU that is no longer in stock', async () => {
    await reserve();
    tables.remove('Stock', 'MUG');
    tables.remove('Stock', 'TEA');
    await expect(release()).rejects.toThrow(`order ${order} holds what is no longer in stock: MUG, TEA`);
  });

  it('passes a failure of the table on, and has not fenced', async () => {
    tables.beforeNextWrite(() => Promise.reject(new Error('table away')));
    await expect(release()).rejects.toThrow('table away');
    expect(reservation()).toBeUndefined();
  });

  it('of what is no longer in stock says so once the conflict on another line is over', async () => {
    await reserve();
    tables.calls
      .on(TransactWriteCommand)
      .rejectsOnce(cancelledBy('None', 'TransactionConflict', 'ConditionalCheckFailed'))
      .rejects(cancelledBy('None', 'None', 'ConditionalCheckFailed'));
    await expect(release()).rejects.toMatchObject({ name: 'StockMissingError', skus: ['TEA'] });
  });
});

describe('a release that an operator has settled by hand', () => {
  const byHand = { note: 'counted back in', by: 'operator-1', at: '2026-01-15T09:40:00.000Z' };

  it('goes through where the stock is gone', async () => {
    await reserve();
    tables.remove('Stock', 'TEA');
    await release(byHand);
    expect(reservation()).toMatchObject({ state: 'RELEASED', resolution: byHand });
  });

  it('is recorded, and leaves the stock alone: whoever did it has counted the goods', async () => {
    await reserve();
    await release(byHand);
    expect(reservation()).toMatchObject({ state: 'RELEASED', items, resolution: byHand });
    expect(available('MUG')).toBe(8);
    expect(available('TEA')).toBe(0);
  });

  it('leaves no note where nothing was settled by hand', async () => {
    await reserve();
    await release();
    expect(reservation()).not.toHaveProperty('resolution');
  });

  it('is not done after all by a repeat', async () => {
    await reserve();
    await release(byHand);
    await release();
    await release({ ...byHand, note: 'another' });
    expect(reservation()).toMatchObject({ resolution: byHand });
    expect(available('MUG')).toBe(8);
  });

  it('of nothing writes the fence, at which a later reservation is refused', async () => {
    await release(byHand);
    expect(reservation()).toMatchObject({ state: 'VOIDED' });
    await expect(reserve()).rejects.toThrow(new OrderAlreadyCancelledError(order));
    expect(available('MUG')).toBe(10);
  });

  it('of nothing keeps the note with the fence', async () => {
    await release(byHand);
    expect(reservation()).toMatchObject({ state: 'VOIDED', resolution: byHand });
  });

  it('is still recorded where a reservation was made before the fence was written', async () => {
    tables.beforeNextWrite(() => reserve());
    await release(byHand);
    expect(reservation()).toMatchObject({ state: 'RELEASED', resolution: byHand });
    expect(available('MUG')).toBe(8);
  });
});

it('the stock decides on consistent reads only', async () => {
  await reserve();
  await reserve();
  await release();
  const reads = tables.calls.commandCalls(GetCommand).map(({ args: [{ input }] }) => input.ConsistentRead);
  expect(reads).toEqual([true, true]);
});
