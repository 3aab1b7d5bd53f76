import { describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { CARD, clientOf, openStripe, refusalOf } from './opened.ts';

let nowMs = Date.now();
const opened = openStripe({ clock: () => nowMs, secretKeys: ['sk_test_local', 'sk_test_other'] });
const create = (idempotencyKey: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  opened.stripe.paymentIntents.create(
    { ...CARD, payment_method: 'pm_card_visa', ...more },
    { idempotencyKey },
  );
const isReplayed = ({ lastResponse }: { lastResponse: Stripe.Response<unknown>['lastResponse'] }) =>
  lastResponse.headers['idempotent-replayed'] === 'true';

const HOURS = 60 * 60 * 1_000;

describe('an idempotency key', () => {
  it('replays the first answer to the same parameters', async () => {
    const first = await create('same', { metadata: { orderId: 'ord_1', cart: 'c' } });
    const again = await create('same', { metadata: { cart: 'c', orderId: 'ord_1' } });
    expect(again).toEqual(first);
    expect([isReplayed(first), isReplayed(again)]).toEqual([false, true]);
    expect(again.lastResponse.idempotencyKey).toBe('same');
    expect(again.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
  });

  it('replays the answer as it was, whatever has happened since', async () => {
    const { id } = await create('as it was');
    await opened.stripe.paymentIntents.confirm(id);
    expect(await create('as it was')).toMatchObject({ id, status: 'requires_confirmation' });
  });

  it('replays a decline, and a refusal', async () => {
    const { id } = await create('declined', { payment_method: 'pm_card_chargeDeclined' });
    const confirm = (payment_method?: string) =>
      opened.stripe.paymentIntents.confirm(id, payment_method ? { payment_method } : {}, {
        idempotencyKey: 'confirm declined',
      });
    const declined = await refusalOf(confirm());
    expect(declined).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect(await refusalOf(confirm())).toMatchObject({
      code: 'card_declined',
      charge: declined.charge,
      headers: { 'idempotent-replayed': 'true' },
    });
    // Another card would be other parameters.
    expect(await refusalOf(confirm('pm_card_visa'))).toMatchObject({ type: 'StripeIdempotencyError' });
    const refund = () => opened.stripe.refunds.create({ payment_intent: id }, { idempotencyKey: 'refund' });
    await refusalOf(refund());
    await opened.stripe.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' });
    expect(await refusalOf(refund())).toMatchObject({ headers: { 'idempotent-replayed': 'true' } });
  });

  it('is refused with other parameters, and at another endpoint', async () => {
    const { id } = await create('other');
    for (const call of [
      create('other', { amount: 2_600 }),
      opened.stripe.paymentIntents.confirm(id, {}, { idempotencyKey: 'other' }),
    ]) {
      const error = await refusalOf(call);
      expect(error).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
      expect(error).toMatchObject({ statusCode: 400, rawType: 'idempotency_error' });
    }
  });

  it('remembers nothing of what was refused before the execution began', async () => {
    expect(await refusalOf(create('invalid', { amount: 0 }))).toMatchObject({ statusCode: 400 });
    expect((await create('invalid')).status).toBe('requires_confirmation');
    opened.double.faults.add({ fault: 'rate-limit' });
    expect(await refusalOf(create('limited'))).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
    expect(isReplayed(await create('limited'))).toBe(false);
  });

  it('is in use while the first request is under way', async () => {
    opened.double.faults.add({ fault: 'delay-before', ms: 300 });
    const first = create('in use');
    // So that it is there before the second.
    while (opened.double.faults.pending().length > 0) await new Promise(setImmediate);
    expect(await refusalOf(create('in use'))).toMatchObject({
      statusCode: 409,
      code: 'idempotency_key_in_use',
    });
    await first;
    expect(isReplayed(await create('in use'))).toBe(true);
  });

  it('is forgotten after 24 hours, and makes another intent', async () => {
    const { id } = await create('aged');
    nowMs += 24 * HOURS - 1;
    expect((await create('aged')).id).toBe(id);
    nowMs += 1;
    const another = await create('aged');
    expect(another.id).not.toBe(id);
    expect(isReplayed(another)).toBe(false);
  });

  it('is the account’s, as its objects are', async () => {
    const other = clientOf(opened.double, 'sk_test_other');
    const mine = await create('account');
    const theirs = await other.paymentIntents.create(
      { ...CARD, amount: 9_900 },
      { idempotencyKey: 'account' },
    );
    expect(theirs.amount).toBe(9_900);
    expect(await refusalOf(other.paymentIntents.retrieve(mine.id))).toMatchObject({ statusCode: 404 });
  });

  it('has up to 255 characters', async () => {
    expect((await create('k'.repeat(255))).status).toBe('requires_confirmation');
    expect(await refusalOf(create('k'.repeat(256)))).toMatchObject({ statusCode: 400 });
  });
});
