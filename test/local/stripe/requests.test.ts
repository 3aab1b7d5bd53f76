import { describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { API_VERSION } from '../../../local/stripe/books.ts';
import { formOf } from '../../../local/stripe/form.ts';
import { CARD, clientOf, openStripe, refusalOf } from './opened.ts';

const opened = openStripe();
const create = (more: object) => opened.stripe.paymentIntents.create({ ...CARD, ...more });

describe('a request', () => {
  it('is of the version of the stripe package, and has an id of its own', async () => {
    const { lastResponse } = await create({});
    expect(lastResponse.apiVersion).toBe(API_VERSION);
    expect(lastResponse.headers['stripe-version']).toBe(API_VERSION);
    expect(lastResponse.requestId).toMatch(/^req_/);
  });

  it('needs a key that is known', async () => {
    for (const call of [
      clientOf(opened.double, 'sk_test_wrong').paymentIntents.retrieve('pi_1'),
      opened.stripe.rawRequest('GET', '/v1/payment_intents/pi_1', {}, { apiKey: 'sk_live_other' }),
    ]) {
      const error = await refusalOf(call);
      expect(error).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
      expect(error.statusCode).toBe(401);
    }
    const answer = await fetch(`${opened.double.url}/v1/payment_intents/pi_1`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it.each([
    ['an amount of nothing', { amount: 0 }, 'parameter_invalid_integer', 'amount'],
    ['an amount with a fraction', { amount: 10.5 }, 'parameter_invalid_integer', 'amount'],
    ['less than Stripe charges', { amount: 49 }, 'amount_too_small', 'amount'],
    ['more than Stripe charges', { amount: 100_000_000 }, 'amount_too_large', 'amount'],
    ['no amount', { amount: undefined }, 'parameter_missing', 'amount'],
    ['no currency', { currency: undefined }, 'parameter_missing', 'currency'],
    ['a currency in capitals', { currency: 'EUR' }, undefined, 'currency'],
    ['a parameter that there is none of', { colour: 'red' }, 'parameter_unknown', 'colour'],
    [
      'one within another',
      {
        automatic_payment_methods: { enabled: true, colour: 'red' },
        allowed_payment_method_types: undefined,
      },
      'parameter_unknown',
      'automatic_payment_methods[colour]',
    ],
    ['an empty payment method', { payment_method: '' }, 'parameter_invalid_string_empty', 'payment_method'],
    ['an unknown payment method', { payment_method: 'pm_1' }, 'resource_missing', 'payment_method'],
    [
      'the types that its version has no more',
      { payment_method_types: ['card'] },
      'payment_method_types_no_longer_supported',
      'payment_method_types',
    ],
    [
      'types, and those of the dashboard',
      { automatic_payment_methods: { enabled: true } },
      'parameters_exclusive',
      'allowed_payment_method_types',
    ],
    ['what only a confirmation takes', { off_session: true }, undefined, 'off_session'],
  ])('with %s is refused', async (_, more, code, param) => {
    const error = await refusalOf(create(more));
    expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect(error).toMatchObject({ statusCode: 400, code, param });
  });

  it.each([
    ['an intent', 'GET', '/v1/payment_intents/pi_1', 'resource_missing'],
    ['the confirmation of one', 'POST', '/v1/payment_intents/pi_1/confirm', 'resource_missing'],
    ['a charge', 'GET', '/v1/charges/ch_1', 'resource_missing'],
    ['a refund', 'GET', '/v1/refunds/re_1', 'resource_missing'],
    ['an operation', 'POST', '/v1/payment_intents/pi_1/increment_authorization', undefined],
  ])('for %s that there is none of is answered 404', async (_, method, path, code) => {
    expect(await refusalOf(opened.stripe.rawRequest(method, path))).toMatchObject({ statusCode: 404, code });
  });

  it('may ask for what is behind an id', async () => {
    const { id } = await create({ payment_method: 'pm_card_visa', confirm: true });
    const { latest_charge } = await opened.stripe.paymentIntents.retrieve(id, {
      expand: ['latest_charge.payment_intent'],
    });
    expect(latest_charge).toMatchObject({ object: 'charge', payment_intent: { id } });
    expect(await refusalOf(opened.stripe.paymentIntents.retrieve(id, { expand: ['status'] }))).toMatchObject({
      statusCode: 400,
    });
  });
});

it('a form is read with what is nested in it', () => {
  const form = formOf('amount=1&metadata[orderId]=o&metadata[a%20b]=c&expand[]=x&expand[]=y&list[0][id]=1');
  expect(JSON.parse(JSON.stringify(form))).toEqual({
    amount: '1',
    metadata: { orderId: 'o', 'a b': 'c' },
    expand: { 0: 'x', 1: 'y' },
    list: { 0: { id: '1' } },
  });
});
