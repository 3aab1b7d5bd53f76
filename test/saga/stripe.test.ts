import { expect, it } from '@jest/globals';
import { devRoutes } from '../../local/dev-routes.ts';
import { openShop, type Shop } from '../../testbed/shop.ts';
import { HAPPY, undoneFrom } from './paths.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop(
  (opened) => {
    shop = opened;
  },
  () => openShop(undefined, { payment: 'stripe' }),
);

it('an order is paid through Stripe, which knows whose it is', async () => {
  const told = await shop.order();
  expect(told.path).toEqual(HAPPY);
  expect([told.order.status, told.paidCents]).toEqual(['CONFIRMED', 2500]);
  const [intent] = [...(shop.stack.stripe?.books()?.intents.values() ?? [])];
  expect(intent?.metadata).toEqual({ orderId: told.orderId, correlationId: told.order.correlationId });
});

it('a card that Stripe declines ends the order, and nothing is charged', async () => {
  const told = await shop.order({ paymentMethod: 'pm_card_visa_chargeDeclinedInsufficientFunds' });
  expect(told.path).toEqual(['ChargePayment', ...undoneFrom('PublishOrderCancelled')]);
  expect(told.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'PaymentDeclinedError' } });
  expect(told.paidCents).toBe(0);
});

it('an order that goes no further is refunded', async () => {
  const told = await shop.order({ postalCode: '00000' });
  expect(told.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'AddressUndeliverableError' } });
  expect(told.paidCents).toBe(0);
  expect(shop.stack.stripe?.charges().find(({ orderId }) => orderId === told.orderId)).toMatchObject({
    chargedCents: 2500,
    refundedCents: 2500,
  });
});

it('a refund that comes back after its order has ended calls an operator', async () => {
  const { orderId } = await shop.order({ paymentMethod: 'pm_card_refundFail', postalCode: '00000' });
  const { stripe } = shop.stack;
  const refund = [...(stripe?.books()?.refunds.values() ?? [])].find(
    ({ metadata }) => metadata?.orderId === orderId,
  );
  const counted = () => shop.logs.filter((line) => line.orderId === orderId && 'RefundsFailed' in line);
  expect(counted()).toEqual([]);
  stripe?.settle(refund?.id ?? '', false);
  await stripe?.settled();
  await shop.settle();
  expect(counted()).toMatchObject([{ RefundsFailed: 1, correlationId: expect.stringMatching(/./) }]);
});

it('a charge whose answer is lost is not made twice', async () => {
  // Twice, as Stripe's client asks again by itself.
  const fault = { fault: 'answer-lost', on: 'payment_intents.confirm', times: 2 };
  const asked = await devRoutes(shop.stack, []).handle({
    method: 'POST',
    url: new URL('http://127.0.0.1/dev/stripe/faults'),
    headers: {},
    body: Buffer.from(JSON.stringify(fault)),
  });
  expect(asked?.status).toBe(202);
  const told = await shop.order();
  expect([told.order.status, told.paidCents]).toEqual(['CONFIRMED', 2500]);
  expect(told.entries[0]?.detail.attempts).toBe(2);
});

it('a charge that stalls until it is undone is refused by Stripe', async () => {
  const told = await shop.order({}, [
    { state: 'ChargePayment', attempt: 1, fault: 'timeout-after', calls: 4, until: 'RefundPayment' },
  ]);
  expect(told.faultsLeft).toBe(0);
  expect([told.order.status, told.paidCents]).toEqual(['CANCELLED', 0]);
  expect(shop.stack.stripe?.charges().find(({ orderId }) => orderId === told.orderId)).toMatchObject({
    status: 'CANCELLED',
    chargedCents: 0,
  });
});
