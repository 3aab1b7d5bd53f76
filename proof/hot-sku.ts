import { MUG, openShop } from '../testbed/shop.ts';

/** How a rush on one SKU ended. */
export interface Rush {
  readonly confirmed: number;
  /** Cancelled for want of stock. */
  readonly outOfStock: number;
  /** Ended in any other way, or not at all. */
  readonly other: number;
  readonly left: number;
}

/** Places `orders` for one piece each of a SKU with `stock` pieces, all at once, and lets them end. */
export const rush = async (orders: number, stock: number): Promise<Rush> => {
  const shop = await openShop([{ ...MUG, available: stock }]);
  try {
    const body = shop.bodyOf({ items: [{ sku: MUG.sku, quantity: 1 }] });
    await Promise.all(Array.from({ length: orders }, () => shop.request('POST', '/orders', body)));
    await shop.settle();
    const outcomes = (await shop.rows('RecordsOrders')).map(
      ({ outcome }) => (outcome ?? {}) as { status?: string; reason?: string },
    );
    const confirmed = outcomes.filter(({ status }) => status === 'CONFIRMED').length;
    const outOfStock = outcomes.filter(
      ({ status, reason }) => status === 'CANCELLED' && reason === 'OutOfStockError',
    ).length;
    return {
      confirmed,
      outOfStock,
      other: orders - confirmed - outOfStock,
      left: await shop.available(MUG.sku),
    };
  } finally {
    await shop.close();
  }
};
