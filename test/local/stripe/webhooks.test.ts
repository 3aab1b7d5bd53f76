import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type Stripe from 'stripe';
import { type HttpRequest, type HttpServer, serveHttp } from '../../../local/http.ts';
import { endpointAt } from '../../../local/stripe/webhooks.ts';
import { CARD, MANDATE, openStripe } from './opened.ts';

const SECRET = 'whsec_test';
const NEW_SECRET = 'whsec_rolled';
const opened = openStripe({ timeScale: 0 });
let endpoint: HttpServer;
let received: HttpRequest[] = [];
let answers: number[] = [];

beforeAll(async () => {
  endpoint = await serveHttp(0, async (request) => {
    received.push(request);
    return { status: answers.shift() ?? 200, headers: {}, body: '' };
  });
  opened.double.addWebhookEndpoint(endpointAt(`${endpoint.url}/stripe`, SECRET, NEW_SECRET));
});
beforeEach(async () => {
  await opened.double.settled();
  received = [];
  answers = [];
});
afterAll(() => endpoint.close());

const eventIn = ({ body, headers }: HttpRequest): Stripe.Event =>
  opened.stripe.webhooks.constructEvent(body, headers['stripe-signature'] ?? '', SECRET);
const told = async (): Promise<Stripe.Event[]> => {
  await opened.double.settled();
  return received.map(eventIn);
};
const types = async () => (await told()).map(({ type }) => type);
const create = (payment_method: string, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  opened.stripe.paymentIntents.create({ ...CARD, payment_method, ...more });
const pay = () => create('pm_card_visa', { confirm: true, metadata: { orderId: 'ord_1' } });

describe('an event', () => {
  it('tells of what has become of an intent, signed', async () => {
    const { id } = await pay();
    const [event, ...more] = await told();
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      id: expect.stringMatching(/^evt_/),
      object: 'event',
      type: 'payment_intent.succeeded',
      livemode: false,
      data: { object: { id, status: 'succeeded', metadata: { orderId: 'ord_1' } } },
    });
    const [{ body, headers }] = received as [HttpRequest];
    const signature = headers['stripe-signature'] ?? '';
    const { webhooks } = opened.stripe;
    expect(() => webhooks.constructEvent(`${body} `, signature, SECRET)).toThrow('No signatures found');
    expect(() => webhooks.constructEvent(body, signature, 'whsec_other')).toThrow('No signatures found');
  });

  it('is signed by both secrets while one is rolled', async () => {
    const { id } = await pay();
    await told();
    const [{ body, headers }] = received as [HttpRequest];
    expect(headers['stripe-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    for (const secret of [SECRET, NEW_SECRET])
      expect(
        opened.stripe.webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret),
      ).toMatchObject({ data: { object: { id } } });
  });

  it('comes with each turn', async () => {
    const { id } = await create('pm_card_visa');
    await opened.stripe.paymentIntents.cancel(id);
    await create('pm_card_chargeDeclined', { confirm: true }).catch(() => {});
    await create('pm_card_authenticationRequired', { confirm: true });
    await create('pm_usBankAccount_processing', {
      currency: 'usd',
      allowed_payment_method_types: ['us_bank_account'],
      confirm: true,
      ...MANDATE,
    });
    await opened.stripe.refunds.create({ payment_intent: (await pay()).id });
    const told = await types();
    expect(told.sort()).toEqual([
      'charge.refunded',
      'payment_intent.canceled',
      'payment_intent.payment_failed',
      'payment_intent.processing',
      'payment_intent.requires_action',
      'payment_intent.succeeded',
    ]);
  });

  it('tells of a refund that fails', async () => {
    const { id } = await create('pm_card_refundFail', { confirm: true });
    const refund = await opened.stripe.refunds.create({ payment_intent: id });
    opened.double.settle(refund.id, false);
    expect(await types()).toContain('refund.failed');
  });

  it('is delivered again until it is taken, three times at most', async () => {
    answers = [500, 503];
    await pay();
    const delivered = await told();
    expect(delivered).toHaveLength(3);
    expect(new Set(delivered.map(({ id }) => id)).size).toBe(1);
    answers = [500, 500, 500, 500, 500];
    received = [];
    await pay();
    expect(await told()).toHaveLength(4);
  });

  it('may be lost', async () => {
    opened.double.faults.add({ fault: 'event-lost', on: 'payment_intent.succeeded' });
    const { id } = await pay();
    expect(await told()).toEqual([]);
    const events = [...opened.double.books().events.values()];
    expect(events.at(-1)).toMatchObject({ type: 'payment_intent.succeeded', data: { object: { id } } });
  });

  it('may come twice', async () => {
    opened.double.faults.add({ fault: 'event-twice', orderId: 'ord_1' });
    await pay();
    const [one, other] = await told();
    expect(other).toEqual(one);
  });

  it.each([{ fault: 'event-late', ms: 100 } as const, { fault: 'event-overtaken' } as const])(
    'may come after a later one: $fault',
    async (fault) => {
      opened.double.faults.add({ ...fault, on: 'payment_intent.succeeded' });
      const { id } = await pay();
      await opened.stripe.refunds.create({ payment_intent: id });
      expect(await types()).toEqual(['charge.refunded', 'payment_intent.succeeded']);
    },
  );
});
