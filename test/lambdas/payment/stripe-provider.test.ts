import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { STRIPE_PAYMENT_METHODS } from '../../../configuration/stripe-payment-methods.ts';
import { stripeProvider } from '../../../lambdas/payment/stripe-provider.ts';
import { askDoubles } from '../../../local/ask-doubles.ts';
import { type RunningStripe, startStripe } from '../../../local/stripe/stripe.ts';
import { paymentProviderContract } from '../../adapters/payment-provider.ts';
import { secretsInMemory } from '../secrets-in-memory.ts';

const secrets = secretsInMemory();
const newSecret = (key = 'sk_test_local') => secrets.made(key);

let stripe: RunningStripe;
let askStripe: () => void;
beforeEach(async () => {
  stripe = await startStripe({ secretKeys: ['sk_test_local', 'sk_test_rotated'] });
  askStripe = askDoubles({ 'api.stripe.com': stripe.url });
});
afterEach(() => {
  askStripe();
  return stripe.close();
});

const open = (secret = newSecret()) =>
  stripeProvider({
    secret,
    webhookSecret: newSecret('whsec_test'),
    paymentMethods: [...STRIPE_PAYMENT_METHODS],
  });
const request = {
  orderId: 'ord_1',
  correlationId: 'corr-1',
  amountCents: 2500,
  currency: 'EUR',
  paymentMethod: 'pm_card_visa',
};
const preparedBy = async (provider: ReturnType<typeof open>, changes: Partial<typeof request> = {}) => ({
  orderId: 'ord_1',
  intentId: await provider.prepare({ ...request, ...changes }),
});

paymentProviderContract(
  'stripe',
  () => ({
    provider: open(),
    books: () => stripe.charges(),
    accepted: 'pm_card_visa',
    declined: 'pm_card_visa_chargeDeclined',
  }),
  {
    customer: 'pm_card_authenticationRequired',
    bank: 'pm_successDelayed_de',
    settle: (...settled) => stripe.settle(...settled),
  },
);

describe('the adapter of Stripe', () => {
  it('tells Stripe whose payment it is, and in its own units', async () => {
    await open().prepare({ ...request, amountCents: 5, currency: 'ISK' });
    const [intent] = [...(stripe.books()?.intents.values() ?? [])];
    expect(intent).toMatchObject({
      amount: 500,
      currency: 'isk',
      status: 'requires_confirmation',
      metadata: { orderId: 'ord_1', correlationId: 'corr-1' },
    });
  });

  it('says of a refund that has come back that nothing is given back', async () => {
    const provider = open();
    const prepared = await preparedBy(provider, { paymentMethod: 'pm_card_refundFail' });
    await provider.commit(prepared, false);
    await provider.undo(prepared);
    await expect(provider.isGivenBack(prepared)).resolves.toBe(true);
    const [refund] = [...(stripe.books()?.refunds.values() ?? [])];
    expect(refund?.metadata).toEqual({ orderId: 'ord_1' });
    stripe.settle(refund?.id ?? '', false);
    await expect(provider.isGivenBack(prepared)).resolves.toBe(false);
  });

  it.each([
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    // Stripe names the issuer's reason for some cards alone.
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
  ])('says why %s is declined, at a repeat, too', async (paymentMethod, reason) => {
    const provider = open();
    const prepared = await preparedBy(provider, { paymentMethod });
    for (const isRepeat of [false, true])
      await expect(provider.commit(prepared, isRepeat)).rejects.toMatchObject({
        name: 'PaymentDeclinedError',
        reason,
      });
  });

  it('gives a customer who has to authenticate the secret, and leaves them in peace', async () => {
    const provider = open();
    const prepared = await preparedBy(provider, { paymentMethod: 'pm_card_authenticationRequired' });
    await expect(provider.awaited(prepared)).resolves.toEqual({ by: 'nobody' });
    // Lost, so that the next attempt cannot know how far it came.
    stripe.faults.add({ fault: 'answer-lost', times: 2, on: 'payment_intents.confirm' });
    await provider.commit(prepared, false).catch(() => {});
    const intent = () => stripe.books().intents.get(prepared.intentId);
    const asked = structuredClone(intent()?.next_action);
    await expect(provider.commit(prepared, true)).rejects.toMatchObject({
      name: 'PaymentActionRequiredError',
    });
    expect(intent()?.next_action).toEqual(asked);
    await expect(provider.awaited(prepared)).resolves.toEqual({
      by: 'customer',
      nextAction: { clientSecret: intent()?.client_secret },
    });
  });

  it('declines a customer who has authenticated in vain, by the reason of their bank', async () => {
    const provider = open();
    const prepared = await preparedBy(provider, {
      paymentMethod: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    });
    await provider.commit(prepared, false).catch(() => {});
    stripe.settle(prepared.intentId, true);
    await expect(provider.commit(prepared, true)).rejects.toMatchObject({
      name: 'PaymentDeclinedError',
      reason: 'insufficient_funds',
    });
  });

  it('takes no debit where the shop has not said that it shows the mandate', async () => {
    const provider = stripeProvider({
      secret: newSecret(),
      webhookSecret: newSecret(),
      paymentMethods: ['card'],
    });
    await expect(preparedBy(provider, { paymentMethod: 'pm_success_de' })).rejects.toMatchObject({
      name: 'PaymentDeclinedError',
    });
  });

  it('says of a debit that its mandate was accepted, and not by which browser', async () => {
    const provider = open();
    const prepared = await preparedBy(provider, { paymentMethod: 'pm_successDelayed_de' });
    await expect(provider.commit(prepared, false)).rejects.toMatchObject({ name: 'PaymentPendingError' });
    expect(stripe.books().intents.get(prepared.intentId)?.status).toBe('processing');
  });

  it('finds a debit under way whose confirmation its client had to repeat, though the key of that is forgotten', async () => {
    let now = Date.now();
    const forgetful = await startStripe({
      clock: () => {
        now += 25 * 60 * 60 * 1_000;
        return now;
      },
    });
    const askStripeAgain = askDoubles({ 'api.stripe.com': forgetful.url });
    try {
      const provider = open();
      const prepared = await preparedBy(provider, { paymentMethod: 'pm_successDelayed_de' });
      // The first is refused, for want of a mandate; the answer of the second is lost.
      forgetful.faults.add(
        { fault: 'delay-after', ms: 1, on: 'payment_intents.confirm' },
        { fault: 'answer-lost', on: 'payment_intents.confirm' },
      );
      await expect(provider.commit(prepared, false)).rejects.toMatchObject({ name: 'PaymentPendingError' });
    } finally {
      askStripeAgain();
      await forgetful.close();
    }
  });

  it('can undo a debit that is under way by ACH alone', async () => {
    const provider = open();
    const [sepa, ach] = [
      await preparedBy(provider, { paymentMethod: 'pm_successDelayed_de' }),
      await preparedBy(provider, { paymentMethod: 'pm_usBankAccount_processing', currency: 'USD' }),
    ];
    for (const prepared of [sepa, ach]) await provider.commit(prepared, false).catch(() => {});
    for (const call of ['undo', 'close'] as const) {
      await expect(provider[call](sepa)).rejects.toMatchObject({ name: 'PaymentProviderUnavailableError' });
      await provider[call](ach);
    }
    expect(stripe.charges().map(({ status }) => status)).toEqual(['PREPARED', 'CANCELLED']);
  });

  it.each([
    ['rate-limit', 1],
    ['error-before', 1],
    ['error-after', 1],
    // Stripe's client repeats a call by itself whose connection was reset, once.
    ['request-lost', 2],
    ['answer-lost', 2],
  ] as const)(
    'takes %s for what another attempt may settle, and settles it by the handle',
    async (fault, times) => {
      const provider = open();
      const prepared = await preparedBy(provider);
      stripe.faults.add({ fault, times, on: 'payment_intents.confirm' });
      await expect(provider.commit(prepared, false)).rejects.toMatchObject({
        name: 'PaymentProviderUnavailableError',
      });
      const charge = await provider.commit(prepared, true);
      expect(charge).toEqual({ chargeId: expect.stringMatching(/^ch_/) });
      stripe.faults.add({ fault, times, on: 'payment_intents.cancel' });
      await expect(provider.undo(prepared)).rejects.toMatchObject({
        name: 'PaymentProviderUnavailableError',
      });
      stripe.faults.add({ fault, times, on: 'refunds.create' });
      await expect(provider.undo(prepared)).rejects.toMatchObject({
        name: 'PaymentProviderUnavailableError',
      });
      await provider.undo(prepared);
      expect(stripe.charges()).toMatchObject([{ chargedCents: 2500, refundedCents: 2500 }]);
    },
  );

  it('is content where the money was given back by hand', async () => {
    const provider = open();
    const prepared = await preparedBy(provider);
    await provider.commit(prepared, false);
    const byHand = open();
    await byHand.undo(prepared);
    await provider.undo(prepared);
    expect(stripe.charges()).toMatchObject([{ chargedCents: 2500, refundedCents: 2500 }]);
  });

  it('asks for its key once in minutes, and anew where Stripe takes it no more', async () => {
    const secret = newSecret('sk_test_revoked');
    const provider = open(secret);
    await expect(preparedBy(provider)).rejects.toMatchObject({ name: 'PaymentProviderUnavailableError' });
    secrets.put(secret, 'sk_test_rotated');
    await preparedBy(provider);
    await preparedBy(provider);
    expect(secrets.asked(secret)).toBe(2);
  });

  it('names what Stripe refuses for good', async () => {
    await expect(open().prepare({ ...request, amountCents: -1 })).rejects.toMatchObject({
      name: 'PaymentRequestRefusedError',
      message: expect.stringContaining('ord_1'),
    });
    await expect(open().commit({ orderId: 'ord_1', intentId: 'pi_unheard_of' }, false)).rejects.toMatchObject(
      {
        name: 'PaymentRequestRefusedError',
        message: expect.stringContaining('resource_missing'),
      },
    );
  });
});
