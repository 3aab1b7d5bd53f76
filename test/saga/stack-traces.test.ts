import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openShop, type Shop } from '../../testbed/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

it('an error in the log says where in our own files it was thrown', async () => {
  const { orderId } = await shop.order({ paymentMethod: 'pm_card_unavailable' });
  const failed = shop.logs.find((line) => line.orderId === orderId && line.message === 'task failed');
  expect(failed).toMatchObject({ error: 'PaymentProviderUnavailableError' });
  expect(failed?.stack).toMatch(/lambdas\/payment\/sandbox-provider\.ts:\d+/);
});
