import { describe, expect, it } from '@jest/globals';
import Stripe from 'stripe';
import { stripeFaultRoutes } from '../../../local/stripe/fault-routes.ts';
import { parseStripeFault, type StripeFault } from '../../../local/stripe/faults.ts';
import { CARD, clientOf, openStripe, refusalOf } from './opened.ts';

const opened = openStripe();
const prepared = (orderId = 'ord_1') =>
  opened.stripe.paymentIntents.create({ ...CARD, payment_method: 'pm_card_visa', metadata: { orderId } });
const confirm = (id: string, idempotencyKey?: string) =>
  opened.stripe.paymentIntents.confirm(id, {}, idempotencyKey ? { idempotencyKey } : {});
const statusOf = (id: string) => opened.double.books().intents.get(id)?.status;

describe('a fault of a request', () => {
  it('limits the rate', async () => {
    const { id } = await prepared();
    opened.double.faults.add({ fault: 'rate-limit' });
    const error = await refusalOf(confirm(id));
    expect(error).toBeInstanceOf(Stripe.errors.StripeRateLimitError);
    expect(error).toMatchObject({ statusCode: 429, code: 'rate_limit' });
    expect(statusOf(id)).toBe('requires_confirmation');
  });

  it('fails before anything is done: a repeat does it', async () => {
    const { id } = await prepared();
    opened.double.faults.add({ fault: 'error-before' });
    expect(await refusalOf(confirm(id, 'before'))).toBeInstanceOf(Stripe.errors.StripeAPIError);
    expect(statusOf(id)).toBe('requires_confirmation');
    expect((await confirm(id, 'before')).status).toBe('succeeded');
  });

  it('fails after all is done: a repeat with the key never learns of it', async () => {
    const { id } = await prepared();
    opened.double.faults.add({ fault: 'error-after' });
    const failed = { statusCode: 500, headers: { 'stripe-should-retry': 'false' } };
    expect(await refusalOf(confirm(id, 'after'))).toMatchObject(failed);
    expect(await refusalOf(confirm(id, 'after'))).toMatchObject(failed);
    expect(statusOf(id)).toBe('succeeded');
  });

  // The client repeats a request by itself, once, where the connection ends.
  it('loses the request', async () => {
    const { id } = await prepared();
    opened.double.faults.add({ fault: 'request-lost', times: 2 });
    expect(await refusalOf(confirm(id))).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(statusOf(id)).toBe('requires_confirmation');
  });

  it('loses the answer', async () => {
    const { id } = await prepared();
    opened.double.faults.add({ fault: 'answer-lost', times: 2 });
    expect(await refusalOf(confirm(id, 'lost'))).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(statusOf(id)).toBe('succeeded');
    expect((await confirm(id, 'lost')).status).toBe('succeeded');
  });

  it('is met by the retries of the client, under one key', async () => {
    const patient = clientOf(opened.double, 'sk_test_local', 2);
    opened.double.faults.add({ fault: 'answer-lost', on: 'payment_intents.create', times: 2 });
    const { id, lastResponse } = await patient.paymentIntents.create({
      ...CARD,
      metadata: { orderId: 'ord_r' },
    });
    expect(lastResponse.headers['idempotent-replayed']).toBe('true');
    expect(opened.double.charges().filter(({ orderId }) => orderId === 'ord_r')).toMatchObject([
      { intentId: id },
    ]);
  });

  it('does late what the client has given up', async () => {
    const { id } = await prepared();
    opened.double.faults.add({ fault: 'delay-before', ms: 300 });
    const given = opened.stripe.paymentIntents.confirm(id, {}, { timeout: 50 });
    expect(await refusalOf(given)).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    expect(statusOf(id)).toBe('requires_confirmation');
    await opened.stripe.paymentIntents.cancel(id);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(statusOf(id)).toBe('canceled');
  });

  it('answers late what is done', async () => {
    const { id } = await prepared();
    opened.double.faults.add({ fault: 'delay-after', ms: 300 });
    await refusalOf(opened.stripe.paymentIntents.confirm(id, {}, { timeout: 100 }));
    expect(statusOf(id)).toBe('succeeded');
  });

  it('hits the operation, the order and as often as it says', async () => {
    const [{ id: one }, { id: other }] = [await prepared('ord_one'), await prepared('ord_other')];
    opened.double.faults.add({
      fault: 'rate-limit',
      on: 'payment_intents.cancel',
      orderId: 'ord_one',
      times: 2,
    });
    const { paymentIntents } = opened.stripe;
    await paymentIntents.retrieve(one);
    await paymentIntents.cancel(other);
    await refusalOf(paymentIntents.cancel(one));
    await refusalOf(paymentIntents.cancel(one));
    expect((await paymentIntents.cancel(one)).status).toBe('canceled');
    expect(opened.double.faults.pending()).toEqual([]);
  });
});

it('faults to come are asked for, told and forgotten by routes of ours', async () => {
  const routes = stripeFaultRoutes(opened.double.faults);
  const ask = async (route: string, body = '') => {
    const answer = await routes[`${route} /dev/stripe/faults`]?.(Buffer.from(body));
    return { status: answer?.status, body: JSON.parse(String(answer?.body)) };
  };
  const fault = { fault: 'answer-lost', on: 'refunds.create' };
  expect(await ask('POST', JSON.stringify(fault))).toEqual({ status: 202, body: fault });
  expect(await ask('POST', '{"fault":"fire"}')).toMatchObject({ status: 400 });
  expect(await ask('POST', 'fire')).toEqual({ status: 400, body: { message: 'the body is not JSON' } });
  expect(await ask('GET')).toEqual({ status: 200, body: { faults: [fault] } });
  await ask('DELETE');
  expect(opened.double.faults.pending()).toEqual([]);
});

it('a fault that is none is refused by its fields', () => {
  const good: StripeFault = { fault: 'answer-lost', on: 'refunds.create', times: 2 };
  expect(parseStripeFault(good)).toEqual(good);
  expect(() => parseStripeFault({ fault: 'fire', on: 1, times: 0, colour: 'red' })).toThrow(
    /^colour: is not a known field; fault: must be one of rate-limit, .*; on: must be a string; times: must be a whole number from 1$/,
  );
});
