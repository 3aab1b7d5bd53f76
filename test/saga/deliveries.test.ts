import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { openShop, type Shop } from '../../testbed/shop.ts';
import { fileNameOf, listenersOf, shortName } from '../lib/templates.ts';
import { sharedShop } from './shared-shop.ts';

interface Delivery {
  readonly listener: string;
  readonly type: string;
  readonly status: string;
  readonly attempts: number;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly error?: string;
}

/** Who hears of a confirmed order. */
const LISTENING = listenersOf('OrderConfirmed');

let shop: Shop;
// Not 0: a second delivery must find the first one's claim gone when it comes again.
sharedShop(
  (opened) => {
    shop = opened;
  },
  () => openShop(undefined, { timeScale: 0.002 }),
);

const deliveriesOf = async (correlationId: unknown): Promise<Delivery[]> => {
  const { body } = await shop.request('GET', `/ops/deliveries/${correlationId}?limit=100`);
  return body.deliveries as Delivery[];
};
interface Queue {
  readonly listener: string;
  readonly deadLetters: number;
  readonly letters: readonly Record<string, unknown>[];
}
const queueOf = async (listener: string): Promise<Queue | undefined> => {
  const { body } = await shop.request('GET', '/ops/dead-letters');
  return (body.listeners as Queue[]).find((each) => each.listener === listener);
};
const deadLettersOf = async (listener: string): Promise<number> =>
  (await queueOf(listener))?.deadLetters ?? Number.NaN;
/** An order, with the faults of the deliveries of its events. */
const order = async (faults: readonly { listener: string; fault: string; times?: number }[] = []) => {
  for (const { times = 1, ...fault } of faults) shop.stack.deliveryFaults.add([{ ...fault, times } as never]);
  const placed = await shop.order();
  return { ...placed, deliveries: await deliveriesOf(placed.order.correlationId) };
};
const sent = (mails: readonly { readonly sent?: unknown }[]) => mails.map((mail) => mail.sent);

describe('the deliveries of an order', () => {
  it('are on record: each listener, with outcome and time', async () => {
    const { deliveries } = await order();
    expect(deliveries.map(({ listener }) => listener)).toEqual(expect.arrayContaining(LISTENING));
    expect(deliveries.filter(({ status }) => status !== 'DONE')).toEqual([]);
    for (const { startedAt, endedAt = '' } of deliveries)
      expect(Date.parse(endedAt)).toBeGreaterThanOrEqual(Date.parse(startedAt));
  });

  it('go on to what a listener publishes: fraud is suspected, and the order is flagged', async () => {
    const { body } = await shop.request(
      'POST',
      '/orders',
      shop.bodyOf({ items: [{ sku: 'MUG', quantity: 12 }] }),
    );
    await shop.settle();
    const { order: flagged, events } = await shop.look(String(body.orderId));
    expect(flagged.review).toMatchObject({ signals: ['BULK_QUANTITY'] });
    const [confirmed, suspected] = events.map(({ detail }) => detail.metadata);
    expect(suspected?.causationId).toBe(confirmed?.eventId);
    const deliveries = await deliveriesOf(flagged.correlationId);
    const heard = deliveries.filter(({ type, status }) => type === 'FraudSuspected' && status === 'DONE');
    expect(heard.map(({ listener }) => listener)).toEqual(
      expect.arrayContaining(['flag-for-review', 'log-event']),
    );
  });
});

describe('a correlation id that a client gives to all its orders', () => {
  const CORRELATION = { 'x-correlation-id': 'every-order-of-this-client' };
  const ORDERS = 400;

  it('leaves each order with its own, and is told page by page', async () => {
    const { body: placed } = await shop.request('POST', '/orders', shop.bodyOf({}), CORRELATION);
    await shop.settle();
    const own = await deliveriesOf('every-order-of-this-client');
    expect(own.length).toBeGreaterThanOrEqual(LISTENING.length);
    // As other orders of this client leave them: more than a function may answer at once.
    const template = (await shop.rows('ListenersDeliveries')).find((row) => row.orderId === placed.orderId);
    for (let order = 0; order < ORDERS; order += 1)
      await shop.stack.call('DynamoDB_20120810', 'PutItem', {
        TableName: 'ListenersDeliveries',
        Item: marshall({ ...template, orderId: `ord_other-${order}`, error: 'E'.repeat(20_000) }),
      });

    const { story } = await shop.look(String(placed.orderId));
    expect(story.filter(({ kind }) => kind === 'delivery')).toHaveLength(own.length);

    const told = new Set<string>();
    let next = '';
    do {
      const path = `/ops/deliveries/every-order-of-this-client?limit=100${next}`;
      const { body } = await shop.request('GET', path);
      const page = body.deliveries as (Delivery & { orderId: string })[];
      expect(page.length).toBeLessThanOrEqual(100);
      for (const { orderId, listener, type } of page) told.add(`${orderId} ${listener} ${type}`);
      next = body.next ? `&cursor=${body.next}` : '';
    } while (next);
    expect(told.size).toBe(own.length + ORDERS);
  });

  it('is refused with a limit or a cursor that is none, by name', async () => {
    const { status, body } = await shop.request('GET', '/ops/deliveries/any?limit=1000');
    expect([status, body.errors]).toEqual([400, [expect.objectContaining({ field: 'limit' })]]);
    const { body: refused } = await shop.request('GET', '/ops/deliveries/any?cursor=x');
    expect(refused.errors).toEqual([expect.objectContaining({ field: 'cursor' })]);
  });
});

describe('an effect happens once', () => {
  it('where its event is delivered twice at once', async () => {
    const { deliveries, mails } = await order([{ listener: 'notify-customer', fault: 'deliver-twice' }]);
    expect(sent(mails)).toEqual([1]);
    expect(deliveries.find(({ listener }) => listener === 'notify-customer')).toMatchObject({
      status: 'DONE',
    });
  });

  it('where the listener fails at first', async () => {
    const { mails } = await order([{ listener: 'notify-customer', fault: 'listener-error', times: 2 }]);
    expect(sent(mails)).toEqual([1]);
    expect(await deadLettersOf('notify-customer')).toBe(0);
  });

  it('and is not repeated by a replay of everything, to all or to one', async () => {
    await order();
    const { mails } = await order();
    const [from, to] = ['2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'];
    const heard: string[] = [];
    for (const more of [{}, { listener: 'notify-customer' }]) {
      const before = { ...shop.stack.counts().invocations };
      const { status, body } = await shop.request('POST', '/ops/replays', { from, to, ...more });
      expect(status).toBe(202);
      const replay = await shop.request('GET', `/ops/replays/${body.replay}`);
      expect(replay.body).toEqual({ replay: body.replay, state: 'COMPLETED' });
      await shop.settle();
      const calls = Object.entries(shop.stack.counts().invocations);
      const called = calls
        .filter(([name, count]) => count > (before[name] ?? 0))
        .map(([name]) => fileNameOf(shortName(name)));
      heard.push(LISTENING.filter((name) => called.includes(name)).join(' '));
    }
    expect(heard).toEqual([LISTENING.join(' '), 'notify-customer']);
    const box = await shop.rows('ListenersSandboxMailbox');
    expect(new Set(sent(box))).toEqual(new Set([1]));
    expect(box.length).toBeGreaterThan(mails.length);
  });
});

describe('a listener that keeps failing', () => {
  it('keeps its events in its queue, leaves the others alone, and has its effect when it is mended', async () => {
    const {
      orderId,
      order: placed,
      deliveries,
      mails,
    } = await order([{ listener: 'notify-customer', fault: 'listener-error', times: 3 }]);
    expect(mails).toEqual([]);
    expect(await deadLettersOf('notify-customer')).toBe(1);
    const others = deliveries.filter(({ listener }) => listener !== 'notify-customer');
    expect(others.length).toBeGreaterThanOrEqual(4);
    expect(others.filter(({ status }) => status !== 'DONE')).toEqual([]);

    const { body } = await shop.request('POST', '/ops/listeners/notify-customer/redrive');
    expect(body).toEqual({ redriven: 1, left: 0 });
    await shop.settle();
    expect(sent((await shop.look(orderId)).mails)).toEqual([1]);
    expect(await deadLettersOf('notify-customer')).toBe(0);
    expect(await deliveriesOf(placed.correlationId)).toHaveLength(others.length + 1);
  });

  it('tells a customer who has cancelled in the meantime nothing of the confirmation any more', async () => {
    const { orderId } = await order([{ listener: 'notify-customer', fault: 'listener-error', times: 3 }]);
    await shop.request('POST', `/orders/${orderId}/cancel`);
    await shop.settle();
    await shop.request('POST', '/ops/listeners/notify-customer/redrive');
    await shop.settle();
    const { mails, order: cancelled } = await shop.look(orderId);
    expect(cancelled.status).toBe('CANCELLED');
    expect(mails.map(({ eventId }) => eventId)).toEqual([`${orderId}#OrderCancelled`]);
    expect(await deadLettersOf('notify-customer')).toBe(0);
  });

  it('leaves an order unflagged that was cancelled before the suspicion came', async () => {
    shop.stack.deliveryFaults.add([{ listener: 'assess-fraud', fault: 'listener-error', times: 3 }]);
    const { orderId } = await shop.order({ items: [{ sku: 'MUG', quantity: 12 }] });
    await shop.request('POST', `/orders/${orderId}/cancel`);
    await shop.settle();
    await shop.request('POST', '/ops/listeners/assess-fraud/redrive');
    await shop.settle();
    const { order: cancelled, events } = await shop.look(orderId);
    expect(events.map((event) => event['detail-type'])).toContain('FraudSuspected');
    expect(cancelled).toMatchObject({ status: 'CANCELLED' });
    expect(cancelled).not.toHaveProperty('review');
    expect(await deadLettersOf('flag-for-review')).toBe(0);
  });

  it('is told by its queue where it has left no record: which order, which event, and why', async () => {
    const { orderId } = await order([{ listener: 'record-metrics', fault: 'listener-error', times: 3 }]);
    const letters = [
      {
        orderId,
        eventId: `${orderId}#OrderConfirmed`,
        type: 'OrderConfirmed',
        error: 'InjectedError',
        message: 'a fault was asked for',
        since: expect.any(String),
      },
    ];
    expect(await queueOf('record-metrics')).toEqual({
      listener: 'record-metrics',
      deadLetters: 1,
      letters,
    });

    const lost = { kind: 'delivery', name: 'record-metrics', outcome: 'dead-lettered' };
    const { story } = await shop.look(orderId);
    expect(story).toContainEqual(
      expect.objectContaining({ ...lost, detail: expect.objectContaining({ error: 'InjectedError' }) }),
    );

    // Whoever looks hides it from nobody: neither from who looks next, nor from who redrives it at the same time.
    const [looked, redriven] = await Promise.all([
      queueOf('record-metrics'),
      shop.request('POST', '/ops/listeners/record-metrics/redrive'),
      queueOf('record-metrics'),
    ]);
    expect(looked?.letters.length).toBeLessThanOrEqual(1);
    expect(redriven.body).toEqual({ redriven: 1, left: 0 });
  });

  it('is dead-lettered on record where it fails by itself, with the reason', async () => {
    // An event of an order that is not there: project-order refuses to leave half a record.
    const { events } = await shop.order();
    const stray = JSON.stringify(events[0]).replaceAll(String(events[0]?.detail.data.orderId), 'ord_nowhere');
    const { detail, ...event } = JSON.parse(stray);
    const correlationId = 'stray-1';
    const entry = {
      EventBusName: 'order-saga-dev-OrderBus',
      Source: 'order-saga',
      DetailType: event['detail-type'],
      Detail: JSON.stringify({ ...detail, metadata: { ...detail.metadata, correlationId } }),
    };
    await shop.stack.call('AWSEvents', 'PutEvents', { Entries: [entry] });
    await shop.settle();
    expect(
      (await deliveriesOf(correlationId)).find(({ listener }) => listener === 'project-order'),
    ).toMatchObject({
      status: 'DEAD_LETTERED',
      attempts: 3,
      error: 'ConditionalCheckFailedException',
    });
    expect(await deadLettersOf('project-order')).toBe(1);
  });
});

it('an operator who asks for a listener that is none learns which there are', async () => {
  const { status, body } = await shop.request('POST', '/ops/listeners/nobody/redrive');
  expect([status, body.detail]).toEqual([404, expect.stringContaining('notify-customer')]);
});
