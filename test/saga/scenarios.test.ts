import { describe, expect, it } from '@jest/globals';
import { FraudSuspected } from '../../events/fraud-suspected.ts';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import type { FaultKind } from '../../local/faults/faults.ts';
import { STEP_NAMES, STEPS } from '../../saga/steps.ts';
import { ADDRESS, MUG, openShop, type Shop, WISHED } from '../../testbed/shop.ts';
import { ASKED, REFUSED, WISHES } from '../../testbed/wishes.ts';
import { fileNameOf, listenersOf } from '../lib/templates.ts';
import { HAPPY, undone, undoneFrom, upTo } from './paths.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop(
  (opened) => {
    shop = opened;
  },
  () => openShop([MUG, ...WISHED]),
);

type Told = Awaited<ReturnType<Shop['order']>>;

/** Nothing of the order is left in the outside worlds, and the customer was told so, once. */
const expectUndone = (told: Told, reason: string) => {
  expect(told.order).toMatchObject({
    status: 'CANCELLED',
    step: 'OrderCancelled',
    failure: { error: reason },
  });
  expect(told.paidCents).toBe(0);
  expect(told.parcels).toEqual([]);
  expect(told.events.map((event) => event['detail-type'])).toEqual(['OrderCancelled']);
  expect(OrderCancelled.detail.parse(told.events[0]?.detail).data).toMatchObject({
    orderId: told.orderId,
    reason,
  });
  expect(told.mails).toHaveLength(1);
};

describe('a happy order', () => {
  it('enters each step and its publication, is paid, shipped and told of, once each', async () => {
    const before = await shop.available('MUG');
    const told = await shop.order();
    expect(told.path).toEqual(HAPPY);
    expect(told.order).toMatchObject({
      status: 'CONFIRMED',
      step: 'PublishOrderConfirmed',
      totalCents: 2500,
    });
    expect(told.paidCents).toBe(2500);
    expect(told.parcels).toHaveLength(1);
    expect(await shop.available('MUG')).toBe(before - 2);
    expect(told.events.map((event) => event['detail-type'])).toEqual(['OrderConfirmed']);
    const event = OrderConfirmed.detail.parse(told.events[0]?.detail);
    expect(event.data.trackingNumber).toBe(told.parcels[0]?.trackingNumber);
    expect(told.mails).toHaveLength(1);
  });

  it('is in the audit log and the metrics under its correlation id', async () => {
    const { order, orderId } = await shop.order();
    const audited = (await shop.rows('ListenersAuditLog')).filter(
      (entry) => entry.correlationId === order.correlationId,
    );
    expect(audited).toMatchObject([{ eventId: `${orderId}#OrderConfirmed`, type: 'OrderConfirmed' }]);
    const metrics = shop.logs.filter((line) => line._aws && line.correlationId === order.correlationId);
    expect(metrics).toMatchObject([{ OrdersConfirmed: 1, RevenueCents: 2500, currency: 'EUR' }]);
  });

  it('that meets a fraud rule is confirmed all the same, and followed by FraudSuspected', async () => {
    const { order, orderId, events } = await shop.order({ items: [{ sku: 'MUG', quantity: 10 }] });
    expect(order.status).toBe('CONFIRMED');
    expect(events.map((event) => event['detail-type'])).toEqual(['OrderConfirmed', 'FraudSuspected']);
    expect(FraudSuspected.detail.parse(events[1]?.detail)).toMatchObject({
      metadata: { causationId: `${orderId}#OrderConfirmed`, correlationId: order.correlationId },
      data: { signals: ['BULK_QUANTITY'] },
    });
  });
});

describe('a business error undoes what came before, and not the step itself', () => {
  const refusals = STEP_NAMES.flatMap((step) =>
    Object.keys(STEPS[step].refusals).map((reason) => ({ step, reason })),
  );

  it.each(refusals)('$reason', async ({ step, reason }) => {
    const before = await shop.available('MUG');
    const asked = ASKED[WISHES.find((wish) => REFUSED[wish] === reason) ?? 'happy'];
    const told = await shop.order({
      ...asked,
      items: [{ sku: 'MUG', quantity: 2 }, ...(asked?.items ?? [])],
    });
    expect(told.path).toEqual([...upTo(step), ...undone.before(step)]);
    expectUndone(told, reason);
    expect(await shop.available('MUG')).toBe(before);
  });
});

describe('a transient error', () => {
  it('is retried until the service is back', async () => {
    const told = await shop.order({}, [
      { state: 'ChargePayment', attempt: 1, fault: 'throttle' },
      { state: 'ChargePayment', attempt: 2, fault: 'crash', calls: 1 },
      { state: 'CreateShipment', attempt: 1, fault: 'crash' },
    ]);
    expect(told.faultsLeft).toBe(0);
    expect(told.path).toEqual(HAPPY);
    const attempts: Readonly<Record<string, number>> = { ChargePayment: 3, CreateShipment: 2 };
    expect(told.entries.map(({ detail }) => detail.attempts)).toEqual(
      HAPPY.map((state) => attempts[state] ?? 1),
    );
    expect(told.order.status).toBe('CONFIRMED');
    expect(told.paidCents).toBe(2500);
    expect(told.parcels).toHaveLength(1);
  });

  it('that does not pass undoes the order', async () => {
    const told = await shop.order({ paymentMethod: 'pm_card_unavailable' });
    expect(told.path).toEqual(['ChargePayment', ...undoneFrom('RefundPayment')]);
    expect(told.entries[0]?.detail.attempts).toBe(5);
    expectUndone(told, 'PaymentProviderUnavailableError');
  });
});

describe('an ambiguous failure undoes the failing step too', () => {
  const ambiguous: { fault: FaultKind; calls?: number }[] = [
    { fault: 'error-before' },
    { fault: 'error-after' },
    { fault: 'timeout-before' },
    { fault: 'timeout-after', calls: 0 },
    { fault: 'timeout-after', calls: 1 },
    { fault: 'timeout-after', calls: 2 },
  ];
  const cases = STEP_NAMES.flatMap((state) => ambiguous.map((fault) => ({ state, ...fault })));

  it.each(cases)('$state: $fault after $calls calls', async ({ state, ...fault }) => {
    const before = await shop.available('MUG');
    const told = await shop.order({}, [{ state, attempt: 1, ...fault }]);
    expect(told.faultsLeft).toBe(0);
    expect(told.path).toEqual([...upTo(state), ...undone.from(state)]);
    expectUndone(told, fault.fault.startsWith('timeout') ? 'States.Timeout' : 'InjectedError');
    expect(await shop.available('MUG')).toBe(before);
  });
});

describe('a step that runs twice at once', () => {
  it.each(STEP_NAMES)('%s has one effect', async (state) => {
    const before = await shop.available('MUG');
    const told = await shop.order({}, [{ state, attempt: 1, fault: 'duplicate' }]);
    expect(told.order.status).toBe('CONFIRMED');
    expect(told.paidCents).toBe(2500);
    expect(told.parcels).toHaveLength(1);
    expect(await shop.available('MUG')).toBe(before - 2);
  });
});

describe('what is written down', () => {
  it('names no address, recipient or payment method in any log line or event', async () => {
    await shop.order();
    await shop.order({ paymentMethod: 'pm_card_declined' });
    const text = JSON.stringify([shop.logs, shop.stack.published()]);
    for (const secret of [ADDRESS.name, ADDRESS.line1, 'pm_card']) expect(text).not.toContain(secret);
  });

  it('carries the client’s correlation id through order, log lines, events and mails', async () => {
    const correlationId = 'trace-me-4711';
    const { body } = await shop.request('POST', '/orders', shop.bodyOf({}), {
      'x-correlation-id': correlationId,
    });
    await shop.settle();
    const services = shop.logs
      .filter((line) => line.correlationId === correlationId)
      .map(({ service }) => service);
    expect(services).toEqual(
      expect.arrayContaining([
        'place-order',
        ...STEP_NAMES.map(fileNameOf),
        'orders',
        ...listenersOf('OrderConfirmed'),
      ]),
    );
    expect(body.correlationId).toBe(correlationId);
  });
});
