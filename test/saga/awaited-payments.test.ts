import { beforeEach, describe, expect, it } from '@jest/globals';
import { devRoutes } from '../../local/dev-routes.ts';
import type { EventFault } from '../../local/stripe/faults.ts';
import { MUG, openShop, type Shop } from '../../testbed/shop.ts';
import { HAPPY, undone, undoneFrom } from './paths.ts';
import { sharedShop } from './shared-shop.ts';

/** Debits by ACH are in US dollars. */
const CAP = { ...MUG, sku: 'CAP', currency: 'USD' };

let shop: Shop;
sharedShop(
  (opened) => {
    shop = opened;
  },
  () => openShop([MUG, CAP], { payment: 'stripe' }),
);
beforeEach(() => stripe().faults.forget());

const BY_CUSTOMER = { paymentMethod: 'pm_card_authenticationRequired' };
/** Its bank says nothing by itself. */
const BY_BANK = { items: [{ sku: 'CAP', quantity: 2 }], paymentMethod: 'pm_usBankAccount_processing' };

const stripe = () => {
  const { stripe } = shop.stack;
  if (!stripe) throw new Error('Stripe is not the provider');
  return stripe;
};
const intentOf = (orderId: string) => {
  const all = [...stripe().books().intents.values()];
  const intent = all.find(({ metadata }) => metadata.orderId === orderId);
  if (!intent) throw new Error(`nothing is to be paid for ${orderId}`);
  return intent;
};
const asCustomer = async (orderId: string) => (await shop.request('GET', `/orders/${orderId}`)).body;

/** The customer acts, or the bank decides; and what becomes of that. */
const settle = async (orderId: string, isPaid: boolean) => {
  stripe().settle(intentOf(orderId).id, isPaid);
  await shop.settle();
  return shop.look(orderId);
};
const reconcile = async () => {
  await shop.request('POST', '/ops/reconcile');
  await shop.settle();
};
const PAID_BY_CUSTOMER = ['ChargePayment', 'AwaitPayment', ...HAPPY];

describe('an order whose customer has to authenticate', () => {
  it('waits, and tells nobody but them what to do', async () => {
    const { orderId, path, order, paidCents } = await shop.order(BY_CUSTOMER);
    expect([path, order.status, paidCents]).toEqual([['ChargePayment', 'AwaitPayment'], 'PENDING', 0]);
    const { client_secret: clientSecret } = intentOf(orderId);
    expect(await asCustomer(orderId)).toMatchObject({ step: 'AwaitPayment', nextAction: { clientSecret } });
    expect(order).not.toHaveProperty('nextAction');
    expect(JSON.stringify(shop.logs)).not.toContain(clientSecret);
  });

  it('is confirmed once they have, by the page, and charged once', async () => {
    const { orderId } = await shop.order(BY_CUSTOMER);
    const { nextAction } = (await asCustomer(orderId)) as { nextAction: { clientSecret: string } };
    const { handle } = devRoutes(shop.stack, []);
    const url = new URL('http://127.0.0.1/dev/stripe/authentication');
    url.searchParams.set('client_secret', nextAction.clientSecret);
    const asked = await handle({ method: 'GET', url, headers: {}, body: Buffer.from('') });
    const form = new URLSearchParams();
    for (const [, name = '', value = ''] of String(asked?.body).matchAll(/name="(\w+)" value="([^"]+)"/g))
      form.set(name, value);
    form.set('outcome', 'complete');
    await handle({ method: 'POST', url, headers: {}, body: Buffer.from(`${form}`) });
    await shop.settle();
    const told = await shop.look(orderId);
    expect([told.path, told.order.status, told.paidCents]).toEqual([PAID_BY_CUSTOMER, 'CONFIRMED', 2500]);
    expect(await asCustomer(orderId)).not.toHaveProperty('nextAction');
  });

  it('is cancelled where they could not', async () => {
    const { orderId } = await shop.order(BY_CUSTOMER);
    const told = await settle(orderId, false);
    expect(told.path).toEqual([
      'ChargePayment',
      'AwaitPayment',
      'ChargePayment',
      ...undoneFrom('PublishOrderCancelled'),
    ]);
    expect(told.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'PaymentDeclinedError' } });
    expect([told.paidCents, intentOf(orderId).status]).toEqual([0, 'canceled']);
  });

  it('is cancelled where they never do, and then it is too late for them', async () => {
    const told = await shop.order(BY_CUSTOMER, [
      { state: 'AwaitPayment', attempt: 1, fault: 'timeout-after' },
    ]);
    expect(told.path).toEqual([
      'ChargePayment',
      'AwaitPayment',
      'PaymentExpired',
      ...undone.from('ChargePayment'),
    ]);
    expect(told.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'PaymentExpired' } });
    expect(intentOf(told.orderId).status).toBe('canceled');
    expect(() => stripe().settle(intentOf(told.orderId).id, true)).toThrow();
  });

  it.each<EventFault>(['event-twice', 'event-late', 'event-overtaken'])(
    'is confirmed once, however its webhook comes: %s',
    async (fault) => {
      const { orderId } = await shop.order(BY_CUSTOMER);
      stripe().faults.add({ fault, orderId, ms: 20 });
      stripe().settle(intentOf(orderId).id, true);
      await shop.settle();
      // It waits for a later event, which there may never be.
      if (fault === 'event-overtaken') await reconcile();
      const told = await shop.look(orderId);
      expect([told.path, told.order.status, told.paidCents]).toEqual([PAID_BY_CUSTOMER, 'CONFIRMED', 2500]);
    },
  );

  it('is confirmed by the reconciler where its webhook is lost', async () => {
    const { orderId } = await shop.order(BY_CUSTOMER);
    stripe().faults.add({ fault: 'event-lost', orderId });
    expect((await settle(orderId, true)).order.status).toBe('PENDING');
    await reconcile();
    const told = await shop.look(orderId);
    expect([told.path, told.order.status]).toEqual([PAID_BY_CUSTOMER, 'CONFIRMED']);
  });

  it('is confirmed where they look at it, and its webhook is lost', async () => {
    const { orderId } = await shop.order(BY_CUSTOMER);
    stripe().faults.add({ fault: 'event-lost', orderId });
    await settle(orderId, true);
    expect(await asCustomer(orderId)).not.toHaveProperty('nextAction');
    await shop.settle();
    expect((await shop.look(orderId)).order.status).toBe('CONFIRMED');
  });
});

describe('an order that a bank is to pay', () => {
  it('waits, and asks nothing of its customer', async () => {
    const { orderId, path } = await shop.order(BY_BANK);
    expect(path).toEqual(['ChargePayment', 'AwaitDebit']);
    expect(await asCustomer(orderId)).not.toHaveProperty('nextAction');
  });

  it.each([
    [true, 'CONFIRMED', 2500],
    [false, 'CANCELLED', 0],
  ])('is decided by it: %s, %s', async (isPaid, status, paidCents) => {
    const { orderId } = await shop.order(BY_BANK);
    const told = await settle(orderId, isPaid);
    expect([told.order.status, told.paidCents]).toEqual([status, paidCents]);
    expect(told.path.slice(0, 3)).toEqual(['ChargePayment', 'AwaitDebit', 'ChargePayment']);
  });

  it.each([
    ['pm_success_de', 'CONFIRMED', 2500],
    ['pm_failed_de', 'CANCELLED', 0],
    ['pm_insufficientFunds_de', 'CANCELLED', 0],
  ])('may be decided at any moment: %s, %s', async (paymentMethod, status, paidCents) => {
    const told = await shop.order({ paymentMethod });
    expect([told.order.status, told.paidCents]).toEqual([status, paidCents]);
  });

  it('is cancelled where the bank never answers', async () => {
    const told = await shop.order(BY_BANK, [{ state: 'AwaitDebit', attempt: 1, fault: 'timeout-after' }]);
    expect(told.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'PaymentExpired' } });
    expect(intentOf(told.orderId).status).toBe('canceled');
  });
});

describe('the webhook of payments', () => {
  const hear = (body: string, headers = {}) => shop.request('POST', '/webhooks/payment', body, headers);

  it('refuses what Stripe has not signed', async () => {
    const { orderId } = await shop.order(BY_CUSTOMER);
    stripe().faults.add({ fault: 'event-lost', orderId });
    await settle(orderId, true);
    const { status, body } = await hear(
      JSON.stringify({ type: 'payment_intent.succeeded', data: { object: intentOf(orderId) } }),
      { 'stripe-signature': 't=1,v1=00' },
    );
    expect([status, body.type]).toEqual([400, expect.stringContaining('not-from-provider')]);
    await shop.settle();
    expect((await shop.look(orderId)).order.status).toBe('PENDING');
  });
});
