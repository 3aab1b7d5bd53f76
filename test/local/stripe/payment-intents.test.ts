import { describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { startStripe } from '../../../local/stripe/stripe.ts';
import { CARD, clientOf, MANDATE, openStripe, refusalOf } from './opened.ts';

const opened = openStripe();
const create = (payment_method?: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  opened.stripe.paymentIntents.create({ ...CARD, ...(payment_method && { payment_method }), ...more });
const intents = () => opened.stripe.paymentIntents;

const UNEXPECTED = {
  statusCode: 400,
  type: 'StripeInvalidRequestError',
  code: 'payment_intent_unexpected_state',
};

describe('a PaymentIntent', () => {
  it('costs nothing before it is confirmed, and is paid once it is', async () => {
    const { id, ...made } = await create('pm_card_visa', { metadata: { orderId: 'ord_1' } });
    expect(made).toMatchObject({
      object: 'payment_intent',
      status: 'requires_confirmation',
      amount: 2_500,
      amount_received: 0,
      latest_charge: null,
      livemode: false,
      metadata: { orderId: 'ord_1' },
      payment_method: expect.stringMatching(/^pm_/),
    });
    const paid = await intents().confirm(id);
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 2_500 });
    expect(await intents().retrieve(id)).toEqual(paid);
    const charge = await opened.stripe.charges.retrieve(String(paid.latest_charge));
    expect(charge).toMatchObject({ status: 'succeeded', paid: true, amount: 2_500, payment_intent: id });
  });

  it('can be made and confirmed at once', async () => {
    const paid = await create('pm_card_visa', { confirm: true });
    expect(paid.status).toBe('succeeded');
  });

  it('waits for a payment method, which its confirmation may bring', async () => {
    const { id, status } = await create();
    expect(status).toBe('requires_payment_method');
    expect(await refusalOf(intents().confirm(id))).toMatchObject(UNEXPECTED);
    expect(await intents().confirm(id, { payment_method: 'pm_card_visa' })).toMatchObject({
      status: 'succeeded',
    });
  });

  it('that succeeded can be neither confirmed nor canceled', async () => {
    const { id } = await create('pm_card_visa', { confirm: true });
    for (const call of [intents().confirm(id), intents().cancel(id)])
      expect(await refusalOf(call)).toMatchObject({
        ...UNEXPECTED,
        payment_intent: { id, status: 'succeeded' },
      });
  });

  it('that is canceled can be neither confirmed nor canceled again', async () => {
    const { id } = await create('pm_card_visa');
    expect(await intents().cancel(id, { cancellation_reason: 'abandoned' })).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
      canceled_at: expect.any(Number),
    });
    for (const call of [intents().confirm(id), intents().cancel(id)])
      expect(await refusalOf(call)).toMatchObject({
        ...UNEXPECTED,
        payment_intent: { id, status: 'canceled' },
      });
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    // The client makes an empty text of a code that is not there.
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', ''],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', ''],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', ''],
  ])('whose card is %s asks for another one', async (method, code, decline_code) => {
    const { id } = await create(method);
    const error = await refusalOf(intents().confirm(id));
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error).toMatchObject({
      statusCode: 402,
      code,
      decline_code,
      charge: expect.stringMatching(/^ch_/),
    });
    expect(await intents().retrieve(id)).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      amount_received: 0,
      last_payment_error: { type: 'card_error', code },
      latest_charge: error.charge,
    });
    // It has no payment method any more, so that a mere repeat is refused in other words.
    expect(await refusalOf(intents().confirm(id))).toMatchObject(UNEXPECTED);
    expect(await intents().confirm(id, { payment_method: 'pm_card_visa' })).toMatchObject({
      status: 'succeeded',
    });
  });

  describe('whose customer has to authenticate', () => {
    it.each(['pm_card_authenticationRequired', 'pm_card_threeDSecure2Required'])(
      'waits for them, and may be canceled meanwhile: %s',
      async (method) => {
        const { id } = await create(method);
        const waiting = { status: 'requires_action', next_action: { type: 'use_stripe_sdk' } };
        expect(await intents().confirm(id)).toMatchObject(waiting);
        expect(await intents().confirm(id)).toMatchObject(waiting);
        expect(await intents().cancel(id)).toMatchObject({ status: 'canceled', next_action: null });
      },
    );

    it.each([{ error_on_requires_action: true }, { off_session: true }])(
      'is refused where nobody can be asked: %j',
      async (how) => {
        const { id } = await create('pm_card_threeDSecure2Required');
        expect(await refusalOf(intents().confirm(id, how))).toMatchObject({
          statusCode: 402,
          type: 'StripeCardError',
          code: 'authentication_required',
          payment_intent: { id, status: 'requires_payment_method' },
        });
      },
    );

    it('succeeds once they have, and asks for another card where they could not', async () => {
      const [{ id: done }, { id: failed }] = [
        await create('pm_card_authenticationRequired', { confirm: true }),
        await create('pm_card_authenticationRequired', { confirm: true }),
      ];
      opened.double.settle(done, true);
      opened.double.settle(failed, false);
      expect(await intents().retrieve(done)).toMatchObject({ status: 'succeeded', amount_received: 2_500 });
      expect(await intents().retrieve(failed)).toMatchObject({
        status: 'requires_payment_method',
        last_payment_error: { code: 'payment_intent_authentication_failure' },
      });
    });
  });

  describe('whose customer authenticates on the page', () => {
    const page = (method: 'GET' | 'POST', fields: Record<string, string>) => {
      const sent = `${new URLSearchParams(fields)}`;
      return opened.double.authentication({
        method,
        url: new URL(`http://127.0.0.1/dev/stripe/authentication${method === 'GET' ? `?${sent}` : ''}`),
        headers: {},
        body: Buffer.from(method === 'POST' ? sent : ''),
      });
    };
    const secretOf = ({ client_secret }: { client_secret: string | null }) => ({
      client_secret: client_secret ?? '',
    });
    const formOn = (secret: { client_secret: string }) => {
      const fields = String(page('GET', secret).body).matchAll(/name="(\w+)" value="([^"]+)"/g);
      return Object.fromEntries([...fields].map(([, name, value]) => [name, value]));
    };
    const waiting = (method = 'pm_card_authenticationRequired') => create(method, { confirm: true });

    it.each([
      ['complete', 'succeeded'],
      ['fail', 'requires_payment_method'],
    ])('%s: it is %s', async (outcome, status) => {
      const intent = await waiting();
      expect(page('POST', { ...formOn(secretOf(intent)), outcome }).status).toBe(200);
      expect((await intents().retrieve(intent.id)).status).toBe(status);
      expect(page('GET', secretOf(intent)).status).toBe(409);
    });

    it('may be declined after that', async () => {
      const intent = await waiting('pm_card_authenticationRequiredChargeDeclinedInsufficientFunds');
      page('POST', { ...formOn(secretOf(intent)), outcome: 'complete' });
      expect(await intents().retrieve(intent.id)).toMatchObject({
        status: 'requires_payment_method',
        last_payment_error: { code: 'card_declined', decline_code: 'insufficient_funds' },
      });
    });

    it('does so in vain where it was confirmed anew meanwhile', async () => {
      const intent = await waiting();
      const form = formOn(secretOf(intent));
      await intents().confirm(intent.id);
      expect(page('POST', { ...form, outcome: 'complete' }).status).toBe(409);
      expect((await intents().retrieve(intent.id)).status).toBe('requires_action');
    });

    it('is found by its secret alone', async () => {
      const { id } = await waiting();
      expect(page('GET', { client_secret: id }).status).toBe(404);
    });
  });

  describe('that a bank pays', () => {
    it('needs a mandate, and waits for it as it was', async () => {
      const { id } = await create('pm_success_de', { allowed_payment_method_types: ['card', 'sepa_debit'] });
      expect(await refusalOf(intents().confirm(id))).toMatchObject({
        statusCode: 400,
        type: 'StripeInvalidRequestError',
        message: expect.stringContaining('requires a mandate'),
        payment_intent: { id, status: 'requires_confirmation' },
      });
      expect(await intents().confirm(id, MANDATE)).toMatchObject({ status: 'processing' });
    });

    it.each([
      ['pm_success_de', 'eur', 'succeeded', undefined],
      ['pm_successDelayed_de', 'eur', 'succeeded', undefined],
      ['pm_failed_de', 'eur', 'requires_payment_method', 'payment_method_provider_decline'],
      ['pm_insufficientFunds_de', 'eur', 'requires_payment_method', 'insufficient_funds'],
      ['pm_usBankAccount_success', 'usd', 'succeeded', undefined],
      ['pm_usBankAccount_accountClosed', 'usd', 'requires_payment_method', 'account_closed'],
    ])('%s is settled by itself: %s, %s', async (method, currency, status, code) => {
      const quick = await startStripe({ timeScale: 0 });
      try {
        const stripe = clientOf(quick).paymentIntents;
        const made = await stripe.create({
          ...CARD,
          currency,
          payment_method: method,
          allowed_payment_method_types: ['sepa_debit', 'us_bank_account'],
          confirm: true,
          ...MANDATE,
        });
        expect(made.status).toBe('processing');
        await quick.settled();
        const settled = await stripe.retrieve(made.id);
        expect([settled.status, settled.last_payment_error?.code]).toEqual([status, code]);
      } finally {
        await quick.close();
      }
    });

    it('of SEPA cannot be canceled while it is under way', async () => {
      const { id } = await create('pm_successDelayed_de', {
        allowed_payment_method_types: ['sepa_debit'],
        confirm: true,
        ...MANDATE,
      });
      expect(await refusalOf(intents().cancel(id))).toMatchObject(UNEXPECTED);
    });

    const debit = () =>
      create('pm_usBankAccount_processing', {
        currency: 'usd',
        allowed_payment_method_types: ['us_bank_account'],
        confirm: true,
        ...MANDATE,
      });

    it('is under way for days, and cannot be confirmed again', async () => {
      const { id, status, latest_charge } = await debit();
      expect(status).toBe('processing');
      expect(opened.double.books().charges.get(String(latest_charge))?.status).toBe('pending');
      expect(await refusalOf(intents().confirm(id, MANDATE))).toMatchObject(UNEXPECTED);
      opened.double.settle(id, true);
      expect(await intents().retrieve(id)).toMatchObject({ status: 'succeeded', latest_charge });
    });

    it('fails where the bank does not pay', async () => {
      const { id, latest_charge } = await debit();
      opened.double.settle(id, false);
      expect(await intents().retrieve(id)).toMatchObject({ status: 'requires_payment_method' });
      expect(opened.double.books().charges.get(String(latest_charge))).toMatchObject({ status: 'failed' });
    });

    it('may be canceled, and then is settled no more', async () => {
      const { id } = await debit();
      expect((await intents().cancel(id)).status).toBe('canceled');
      expect(() => opened.double.settle(id, true)).toThrow('canceled');
    });

    it('is in US dollars, and only where it is accepted', async () => {
      for (const more of [{ allowed_payment_method_types: ['us_bank_account'] }, { currency: 'usd' }])
        expect(await refusalOf(create('pm_usBankAccount_success', more))).toMatchObject({
          statusCode: 400,
          code: 'payment_intent_incompatible_payment_method',
        });
    });
  });

  it('that names no payment methods takes those of the dashboard, which may redirect', async () => {
    const made = await opened.stripe.paymentIntents.create({
      amount: 2_500,
      currency: 'eur',
      payment_method: 'pm_card_visa',
    });
    expect(made.automatic_payment_methods).toEqual({ enabled: true, allow_redirects: 'always' });
    expect(await refusalOf(intents().confirm(made.id))).toMatchObject({
      statusCode: 400,
      param: 'return_url',
    });
    expect(
      await refusalOf(intents().confirm(made.id, { error_on_requires_action: true, off_session: true })),
    ).toMatchObject({ statusCode: 400, param: 'error_on_requires_action' });
    const paid = await intents().confirm(made.id, { return_url: 'https://shop.example/paid' });
    expect(paid.status).toBe('succeeded');
  });

  it('is found in the books, with what its order has paid and got back', async () => {
    const { id } = await create('pm_card_visa', { confirm: true, metadata: { orderId: 'ord_books' } });
    await opened.stripe.refunds.create({ payment_intent: id, amount: 1_000 });
    expect(opened.double.charges()).toContainEqual({
      intentId: id,
      orderId: 'ord_books',
      status: 'CHARGED',
      amountCents: 2_500,
      chargedCents: 2_500,
      refundedCents: 1_000,
      currency: 'EUR',
    });
  });
});
