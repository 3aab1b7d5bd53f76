import { expect, it } from '@jest/globals';
import { orderAt, place } from './shop.ts';

it('an order goes through', async () => {
  await expect(orderAt(await place('order'), 'CONFIRMED')).resolves.toMatchObject({
    step: 'PublishOrderConfirmed',
    totalCents: 2_500,
  });
});

it.each([
  ['declined', 'PaymentDeclinedError', []],
  ['out-of-stock', 'OutOfStockError', ['RefundPayment']],
  ['undeliverable', 'AddressUndeliverableError', ['ReleaseInventory', 'RefundPayment']],
])('an order that is %s ends with %s, and what was done is undone', async (example, error, undone) => {
  await expect(orderAt(await place(example), 'CANCELLED')).resolves.toMatchObject({
    failure: { error, undone },
  });
});
