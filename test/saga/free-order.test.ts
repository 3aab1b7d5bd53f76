import { expect, it } from '@jest/globals';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { MUG, openShop, type Shop } from '../../testbed/shop.ts';
import { HAPPY } from './paths.ts';
import { sharedShop } from './shared-shop.ts';

const SAMPLE = { ...MUG, sku: 'SAMPLE', name: 'Sample', unitPriceCents: 0 };
const items = [{ sku: 'SAMPLE', quantity: 2 }];

let shop: Shop;
sharedShop(
  (opened) => {
    shop = opened;
  },
  () => openShop([MUG, SAMPLE]),
);

/** The provider has never heard of it; our ledger has. */
const expectNothingCharged = async (orderId: string, state: string) => {
  const [charges, payments] = await Promise.all([
    shop.rows('PaymentSandboxCharges'),
    shop.rows('PaymentPayments'),
  ]);
  expect(charges.filter((charge) => charge.orderId === orderId)).toEqual([]);
  expect(payments.find((entry) => entry.orderId === orderId)).toMatchObject({ state, amountCents: 0 });
};

it('a free order is confirmed, shipped and told of, and nothing is charged', async () => {
  const told = await shop.order({ items });
  expect(told.path).toEqual(HAPPY);
  expect(told.order).toMatchObject({ status: 'CONFIRMED', totalCents: 0 });
  expect(told.parcels).toHaveLength(1);
  expect(OrderConfirmed.detail.parse(told.events[0]?.detail).data).toMatchObject({ totalCents: 0 });
  expect(told.mails).toHaveLength(1);
  await expectNothingCharged(told.orderId, 'CHARGED');
});

it('a free order is undone like any other, and nothing is refunded', async () => {
  const told = await shop.order({ items, postalCode: '00000' });
  expect(told.order).toMatchObject({ status: 'CANCELLED', totalCents: 0 });
  expect(OrderCancelled.detail.parse(told.events[0]?.detail).data).toMatchObject({ totalCents: 0 });
  expect(await shop.available('SAMPLE')).toBe(SAMPLE.available - 2);
  await expectNothingCharged(told.orderId, 'REFUNDED');
});

it('what is free beside what is not costs what the other does', async () => {
  const told = await shop.order({ items: [...items, { sku: 'MUG', quantity: 1 }] });
  expect(told.order).toMatchObject({ status: 'CONFIRMED', totalCents: MUG.unitPriceCents });
  expect(told.paidCents).toBe(MUG.unitPriceCents);
});

it('an order at no price is refused, and not free', async () => {
  await shop.stack.call('DynamoDB_20120810', 'PutItem', {
    TableName: 'RecordsCatalogue',
    Item: { sku: { S: 'PRICELESS' }, name: { S: 'Priceless' }, currency: { S: 'EUR' } },
  });
  const before = await shop.rows('RecordsOrders');
  const answer = await shop.request(
    'POST',
    '/orders',
    shop.bodyOf({ items: [{ sku: 'PRICELESS', quantity: 1 }] }),
  );
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'items[0].sku' }] } });
  expect(await shop.rows('RecordsOrders')).toHaveLength(before.length);
});
