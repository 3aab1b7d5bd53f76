import { isDeepStrictEqual } from 'node:util';
import type { PlacedOrder, Violation } from './invariants.ts';
import { orderIdOf, place, violationOf } from './operator.ts';
import { MUG, type Shop } from './shop.ts';

/** As many lines as an order may have. */
const LINES = 50;

type Rows = Readonly<Record<string, readonly object[]>>;

/** All that any table says of an order, by table. */
const rowsOf = async ({ stack, rows }: Shop, orderId: string): Promise<Rows> => {
  const { TableNames } = (await stack.call('DynamoDB_20120810', 'ListTables', {})) as {
    readonly TableNames: readonly string[];
  };
  const found = await Promise.all(
    TableNames.map(async (table) => [
      table,
      (await rows(table)).filter((row) => JSON.stringify(row).includes(orderId)),
    ]),
  );
  return Object.fromEntries(found);
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
 * Orders that are through before anything goes wrong, and share with each of those that follow what it wants: one piece of
 * every SKU. Whatever becomes of the others, what they have must stay as it is.
 */
export const settleNeighbours = async (shop: Shop, skus: readonly string[]) => {
  const orders = Array.from({ length: Math.ceil(skus.length / LINES) }, (_, index) =>
    neighbourOf(skus.slice(index * LINES, (index + 1) * LINES), index),
  );
  const refused: Violation[] = [];
  for (const [index, order] of orders.entries())
    refused.push(...(await place(shop, { order, key: `neighbour-of-${index}`, wish: 'happy', faults: [] })));
  await shop.settle();
  const before = new Map<PlacedOrder, Rows>();
  for (const order of orders) before.set(order, await rowsOf(shop, order.orderId));

  return {
    orders,
    /** What others have taken from them, or given to them. */
    disturbed: async (): Promise<Violation[]> => {
      const found: Violation[] = [...refused];
      for (const [order, was] of before) {
        const is = await rowsOf(shop, order.orderId);
        for (const [table, rows] of Object.entries(was)) {
          if (isDeepStrictEqual(is[table], rows)) continue;
          const change = `${table} had ${JSON.stringify(rows)}, and has ${JSON.stringify(is[table])}`;
          found.push(violationOf('what another order has stays as it is', order, change));
        }
      }
      return found;
    },
  };
};
