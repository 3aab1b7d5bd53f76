import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler as releaseInventory } from '../../../lambdas/inventory/release-inventory.ts';
import { handler as reserveInventory } from '../../../lambdas/inventory/reserve-inventory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const order = { orderId: 'ord_1', correlationId: 'corr-1' };
/** As the workflow hands the lines on, with their prices. */
const items = [{ sku: 'MUG', quantity: 2, unitPriceCents: 1250 }];
const reserve = (changes = {}) => reserveInventory({ ...order, items, ...changes }, lambdaContext);

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Stock: 'sku', Reservations: 'orderId' });
  tables.seed('Stock', { sku: 'MUG', available: 3 });
});

describe('reserve-inventory', () => {
  it('reserves the lines in the tables of its environment, and release-inventory puts them back', async () => {
    await reserve();
    expect(tables.row('Stock', 'MUG')).toMatchObject({ available: 1 });
    expect(tables.row('Reservations', 'ord_1')).toMatchObject({ items: [{ sku: 'MUG', quantity: 2 }] });
    await releaseInventory({ ...order, resolutions: {} }, lambdaContext);
    expect(tables.row('Stock', 'MUG')).toMatchObject({ available: 3 });
  });

  it('is not put back where that was settled by hand; it is where another undo was', async () => {
    const byHand = { note: 'counted back in', by: 'operator-1', at: '2026-01-15T09:40:00.000Z' };
    await reserve();
    await releaseInventory({ ...order, resolutions: { ReleaseInventory: byHand } }, lambdaContext);
    expect(tables.row('Stock', 'MUG')).toMatchObject({ available: 1 });
    expect(tables.row('Reservations', 'ord_1')).toMatchObject({ state: 'RELEASED', resolution: byHand });

    const other = { orderId: 'ord_2', correlationId: 'corr-2' };
    await reserveInventory({ ...other, items: [{ sku: 'MUG', quantity: 1 }] }, lambdaContext);
    await releaseInventory({ ...other, resolutions: { RefundPayment: byHand } }, lambdaContext);
    expect(tables.row('Stock', 'MUG')).toMatchObject({ available: 1 });
  });

  it('throws the error by whose name the workflow catches it', async () => {
    const tooMany = reserve({ items: [{ sku: 'MUG', quantity: 4 }] });
    await expect(tooMany).rejects.toMatchObject({ name: 'OutOfStockError', skus: ['MUG'] });
  });

  it.each([
    ['items', []],
    ['items.0.quantity', [{ sku: 'MUG', quantity: -1 }]],
    ['items.0.quantity', [{ sku: 'MUG', quantity: 1.5 }]],
    ['items.0.sku', [{ sku: '', quantity: 1 }]],
  ])('refuses an input with a bad %s, and reserves nothing', async (field, bad) => {
    await expect(reserve({ items: bad })).rejects.toThrow(`invalid input: ${field}: `);
    expect(tables.writes()).toBe(0);
  });
});
