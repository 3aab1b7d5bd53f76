import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { openShop, type Shop } from '../../testbed/shop.ts';

declare global {
  /** By failure-environment.ts. */
  var lastTestFailed: boolean | undefined;
}

/**
 * The shop that the tests of a file share. After one that failed they get another: it may have left anything behind,
 * faults that have not come, orders that are parked, what never settles.
 * @param hand told of each shop
 */
export const sharedShop = (hand: (shop: Shop) => void, open: () => Promise<Shop> = openShop): void => {
  let shop: Shop;
  const openAnother = async () => {
    shop = await open();
    hand(shop);
  };
  beforeAll(openAnother);
  beforeEach(async () => {
    if (!globalThis.lastTestFailed) return;
    await shop.close();
    await openAnother();
  });
  afterAll(() => shop.close());
};
