import { isDeepStrictEqual } from 'node:util';
import { MUG, type Shop } from '../testbed/shop.ts';
import type { PlacedOrder, Violation } from './invariants.ts';
import { orderIdOf, place, violationOf } from './operator.ts';

/** The most lines an order may have. */
const LINES = 50;

/** What every table says of the orders. Each table is read once, however many orders there are. */
const rowsOf = async ({ stack, rows }: Shop, orders: readonly PlacedOrder[]) => {
  const { TableNames } = (await stack.call('DynamoDB_20120810', 'ListTables', {})) as {
    readonly TableNames: readonly string[];
  };
  const told = async (table: string) => {
    const texts = (await rows(table)).map((row) => JSON.stringify(row));
    return orders.map((order) => ({
      table,
      order,
      rows: texts.filter((text) => text.includes(order.orderId)),
    }));
  };
  return (await Promise.all(TableNames.map(told))).flat();
};

const neighbourOf = (skus: readonly string[], index: number): PlacedOrder => {
  const items = skus.map((sku) => ({ sku, quantity: 1 }));
  return {
    orderId: orderIdOf(`neighbour-of-${index}`),
    plan: `the neighbour of ${skus[0]} to ${skus.at(-1)}`,
    items,
    totalCents: items.length * MUG.unitPriceCents,
    expected: { end: 'CONFIRMED' },
  };
};

/**
 * Orders that are complete before anything goes wrong, and have one piece of every SKU that the later orders want.
 * Whatever becomes of those, what the neighbours have must stay as it is.
 */
export const settleNeighbours = async (shop: Shop, skus: readonly string[]) => {
  const orders = Array.from({ length: Math.ceil(skus.length / LINES) }, (_, index) =>
    neighbourOf(skus.slice(index * LINES, (index + 1) * LINES), index),
  );
  const refused: Violation[] = [];
  for (const [index, order] of orders.entries())
    refused.push(...(await place(shop, { order, key: `neighbour-of-${index}`, wish: 'happy', faults: [] })));
  await shop.settle();
  const before = await rowsOf(shop, orders);

  return {
    orders,
    /** What others have taken from them, or added. */
    disturbed: async (): Promise<Violation[]> => {
      const now = await rowsOf(shop, orders);
      const changed = before.flatMap(({ table, order, rows: was }, index) => {
        const is = now[index]?.rows;
        if (isDeepStrictEqual(is, was)) return [];
        const change = `${table} had ${was.join()}, and has ${is?.join()}`;
        return [violationOf('what another order has stays as it is', order, change)];
      });
      return [...refused, ...changed];
    },
  };
};
