import { describe, expect, it } from '@jest/globals';
import type { TimelineEntry } from '../../../../api/answers/timeline.ts';
import { orderForCustomer, timelineForCustomer } from '../../../../lambdas/orders/story/for-customers.ts';
import { orderView } from '../../../../lambdas/orders/story/view.ts';
import { placedOrder } from '../placed-orders.ts';

const AT = '2026-01-15T09:30:00.000Z';
const RAW = 'User: arn:aws:sts::123456789012:assumed-role/X is not authorized to perform dynamodb:GetItem';

describe('an order, for its customer', () => {
  const parking = { state: 'ParkUndo', error: 'AccessDeniedException', resolutions: {} };
  const view = (reason: string) =>
    orderView(placedOrder({ parking, parkedAt: AT, review: { signals: ['HIGH_VALUE'], since: AT } }), {
      status: 'NEEDS_ATTENTION',
      step: 'ParkUndo',
      reason,
    });

  it('has the names of errors that the API promises, and of no other', () => {
    expect(orderForCustomer(view('OutOfStockError')).failure).toMatchObject({
      error: 'OutOfStockError',
      message: 'Not everything that was ordered is in stock.',
      parked: { state: 'ParkUndo', error: 'TechnicalError', since: AT },
    });
    expect(orderForCustomer(view('TypeError')).failure).toMatchObject({
      error: 'TechnicalError',
      message: 'A step failed for a technical reason.',
    });
    // A name that every object has is no name of ours either.
    expect(orderForCustomer(view('constructor')).failure).toMatchObject({ error: 'TechnicalError' });
  });

  it('does not say whom we suspect', () => {
    expect(orderForCustomer(view('TypeError'))).not.toHaveProperty('review');
  });

  it('is without a failure where there is none', () => {
    const { failure: _, ...confirmed } = view('X');
    expect(orderForCustomer(confirmed)).not.toHaveProperty('failure');
  });
});

describe('a timeline, for the order’s customer', () => {
  const told = (entry: Partial<TimelineEntry>) =>
    timelineForCustomer({
      placedAt: AT,
      entries: [{ at: AT, ...entry } as TimelineEntry],
      sources: { steps: 'engine' },
    }).entries;
  const step = (error: string) => ({
    kind: 'step' as const,
    name: 'ChargePayment',
    outcome: 'failed' as const,
    detail: { workflow: 'OrderFulfillment', attempts: 5, durationMs: 12, error, message: RAW },
  });

  it.each([
    ['AccessDeniedException', 'TechnicalError', 'A step failed for a technical reason.'],
    ['PaymentDeclinedError', 'PaymentDeclinedError', 'The payment was declined.'],
  ])('has our sentence in place of what the exception says: %s', (raw, error, message) => {
    expect(told(step(raw))).toEqual([
      {
        at: AT,
        ...step(raw),
        detail: { workflow: 'OrderFulfillment', attempts: 5, durationMs: 12, error, message },
      },
    ]);
  });

  it('has no word of an error where there was none', () => {
    const { error: _, message: __, ...detail } = step('').detail;
    expect(told({ ...step(''), outcome: 'succeeded', detail })).toEqual([
      { at: AT, ...step(''), outcome: 'succeeded', detail },
    ]);
  });

  it('does not say on what a listener failed', () => {
    const detail = { eventId: 'ord_1#OrderConfirmed', type: 'OrderConfirmed', attempts: 3 };
    const failed = { kind: 'delivery' as const, name: 'log-event', outcome: 'dead-lettered' as const };
    expect(told({ ...failed, detail: { ...detail, error: 'TypeError' } })).toEqual([
      { at: AT, ...failed, detail },
    ]);
  });

  it.each([
    [{ error: 'AccessDeniedException' }, { error: 'TechnicalError' }],
    [{ by: 'operator-1', note: 'RefundPayment: paid in cash' }, { by: 'operator' }],
    [{ by: 'time-out' }, { by: 'time-out' }],
  ])('says of a wait that it was, and not who of us has ended it: %j', (detail, expected) => {
    const waits = { kind: 'parking' as const, name: 'ParkUndo', outcome: 'parked' as const };
    expect(told({ ...waits, detail })).toEqual([{ at: AT, ...waits, detail: expected }]);
  });

  it('does not say whom we suspect', () => {
    const metadata = { eventId: 'ord_1#FraudSuspected' };
    expect(told({ kind: 'event', name: 'FraudSuspected', outcome: 'published', detail: metadata })).toEqual(
      [],
    );
    const detail = { ...metadata, type: 'FraudSuspected', attempts: 1 };
    expect(told({ kind: 'delivery', name: 'flag-for-review', outcome: 'done', detail })).toEqual([]);
  });

  it('says of how it ended only what the API promises', () => {
    const outcome = { status: 'CANCELLED', endedAt: AT, reason: 'Lambda.AccessDeniedException' } as const;
    const timeline = timelineForCustomer({ placedAt: AT, outcome, entries: [], sources: { steps: 'gone' } });
    expect(timeline.outcome).toEqual({ ...outcome, reason: 'TechnicalError' });
  });
});
