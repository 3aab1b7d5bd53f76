import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { STRIPE_PAYMENT_METHODS } from '../../../configuration/stripe-payment-methods.ts';
import { stripeProvider } from '../../../lambdas/payment/stripe-provider.ts';
import { askDoubles } from '../../../local/ask-doubles.ts';
import { type RunningStripe, startStripe } from '../../../local/stripe/stripe.ts';
import { paymentProviderContract } from '../../adapters/payment-provider.ts';

const secrets = mockClient(SecretsManagerClient);
/** Secrets are kept for minutes: each test has one of its own. */
let number = 0;
const newSecret = (key = 'sk_test_local') => {
  number += 1;
  const arn = `arn:aws:secretsmanager:us-east-1:000000000000:secret:stripe-${number}`;
  secrets.on(GetSecretValueCommand, { SecretId: arn }).resolves({ SecretString: key });
  return arn;
};

let stripe: RunningStripe;
let askStripe: () => void;
beforeEach(async () => {
  secrets.reset();
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

paymentProviderContract('stripe', () => ({
  provider: open(),
  books: () => stripe.charges(),
  accepted: 'pm_card_visa',
  declined: 'pm_card_visa_chargeDeclined',
}));

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

  it('waits for a customer who has to authenticate', async () => {
    const provider = open();
    const prepared = await preparedBy(provider, { paymentMethod: 'pm_card_authenticationRequired' });
    for (const isRepeat of [false, true])
      await expect(provider.commit(prepared, isRepeat)).rejects.toMatchObject({
        name: 'PaymentActionRequiredError',
      });
    await expect(provider.awaited(prepared)).resolves.toMatchObject({ by: 'customer' });
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
    secrets.on(GetSecretValueCommand, { SecretId: secret }).resolves({ SecretString: 'sk_test_rotated' });
    await preparedBy(provider);
    await preparedBy(provider);
    expect(secrets.commandCalls(GetSecretValueCommand, { SecretId: secret })).toHaveLength(2);
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
