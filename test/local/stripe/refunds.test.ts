import { describe, expect, it } from '@jest/globals';
import { CARD, MANDATE, openStripe, refusalOf } from './opened.ts';

const opened = openStripe();
const paid = (payment_method = 'pm_card_visa') =>
  opened.stripe.paymentIntents.create({ ...CARD, payment_method, confirm: true });
const refunds = () => opened.stripe.refunds;
const chargeOf = (id: unknown) => opened.double.books().charges.get(String(id));

describe('a refund', () => {
  it('gives everything back, once', async () => {
    const { id, latest_charge } = await paid();
    const refund = await refunds().create({ payment_intent: id, reason: 'requested_by_customer' });
    expect(refund).toMatchObject({
      object: 'refund',
      status: 'succeeded',
      amount: 2_500,
      charge: latest_charge,
      payment_intent: id,
    });
    expect(chargeOf(latest_charge)).toMatchObject({ refunded: true, amount_refunded: 2_500 });
    // The intent stays as it is.
    expect((await opened.stripe.paymentIntents.retrieve(id)).status).toBe('succeeded');
    for (const asked of [{ payment_intent: id }, { charge: String(latest_charge) }])
      expect(await refusalOf(refunds().create(asked))).toMatchObject({
        statusCode: 400,
        type: 'StripeInvalidRequestError',
        code: 'charge_already_refunded',
      });
    expect(await refunds().retrieve(refund.id)).toMatchObject({ id: refund.id, status: 'succeeded' });
  });

  it('gives back in parts, and no more than there is', async () => {
    const { latest_charge } = await paid();
    const charge = String(latest_charge);
    await refunds().create({ charge, amount: 1_500 });
    expect(chargeOf(charge)).toMatchObject({ refunded: false, amount_refunded: 1_500 });
    expect(await refusalOf(refunds().create({ charge, amount: 1_001 }))).toMatchObject({
      statusCode: 400,
      param: 'amount',
    });
    expect((await refunds().create({ charge })).amount).toBe(1_000);
    expect(chargeOf(charge)).toMatchObject({ refunded: true, amount_refunded: 2_500 });
  });

  it.each(['requires_confirmation', 'canceled', 'declined', 'processing'])(
    'is refused where nothing was charged: %s',
    async (state) => {
      const intents = opened.stripe.paymentIntents;
      const isDebit = state === 'processing';
      const { id } = await intents.create({
        ...CARD,
        ...(isDebit && { currency: 'usd', allowed_payment_method_types: ['us_bank_account'] }),
        payment_method: isDebit ? 'pm_usBankAccount_processing' : 'pm_card_chargeDeclined',
      });
      if (state === 'canceled') await intents.cancel(id);
      if (state === 'declined') await refusalOf(intents.confirm(id));
      if (isDebit) await intents.confirm(id, MANDATE);
      expect(await refusalOf(refunds().create({ payment_intent: id }))).toMatchObject({
        statusCode: 400,
        param: 'payment_intent',
      });
    },
  );

  it.each([
    [{}, 'parameter_missing'],
    [{ payment_intent: 'pi_1', charge: 'ch_1' }, 'parameters_exclusive'],
    [{ payment_intent: 'pi_1' }, 'resource_missing'],
    [{ charge: 'ch_1' }, 'resource_missing'],
  ])('of %j is refused: %s', async (asked, code) => {
    expect(await refusalOf(refunds().create(asked))).toMatchObject({ statusCode: 400, code });
  });

  it('is refused where the customer has charged back already', async () => {
    const { id } = await paid('pm_card_createDispute');
    expect(await refusalOf(refunds().create({ payment_intent: id }))).toMatchObject({
      statusCode: 400,
      code: 'charge_disputed',
    });
  });

  it('may be pending, and arrive', async () => {
    const { id } = await paid('pm_card_pendingRefund');
    const refund = await refunds().create({ payment_intent: id });
    expect(refund.status).toBe('pending');
    opened.double.settle(refund.id, true);
    expect((await refunds().retrieve(refund.id)).status).toBe('succeeded');
  });

  it('may fail after it has succeeded: the money is not back, and another one may be made', async () => {
    const { id, latest_charge } = await paid('pm_card_refundFail');
    const refund = await refunds().create({ payment_intent: id });
    expect(refund.status).toBe('succeeded');
    opened.double.settle(refund.id, false);
    expect(await refunds().retrieve(refund.id)).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
    });
    expect(chargeOf(latest_charge)).toMatchObject({ refunded: false, amount_refunded: 0 });
    expect(() => opened.double.settle(refund.id, false)).toThrow('it is failed');
  });
});
