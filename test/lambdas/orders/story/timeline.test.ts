import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../../../api/answers/deliveries.ts';
import type { LoggedEvent } from '../../../../lambdas/orders/story/audit-log.ts';
import { type Told, timelineOf } from '../../../../lambdas/orders/story/timeline.ts';
import type { RunHistory } from '../../../../lambdas/orders/workflow/workflow.ts';
import { entered, event } from '../executions-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

const at = (second: number) => `2026-01-15T09:30:${String(second).padStart(2, '0')}.000Z`;
const then = (second: number, happened: ReturnType<typeof event>) => ({
  ...happened,
  timestamp: new Date(at(second)),
});
const left = (name: string) => event('TaskStateExited', { stateExitedEventDetails: { name } });
const timedOut = event('TaskTimedOut', {
  taskTimedOutEventDetails: { error: 'States.Timeout', resourceType: 'lambda', resource: 'invoke' },
});

const fulfillment = (...events: RunHistory['events']): RunHistory => ({
  machine: 'fulfillment',
  events,
  isWhole: true,
});
const confirmed: LoggedEvent = {
  eventId: 'ord_1#OrderConfirmed',
  type: 'OrderConfirmed',
  occurredAt: at(3),
  data: { orderId: 'ord_1' },
};
const needsAttention = (occurredAt: string, state = 'ParkUndo'): LoggedEvent => ({
  eventId: `ord_1#OrderNeedsAttention#${occurredAt}`,
  type: 'OrderNeedsAttention',
  occurredAt,
  data: { orderId: 'ord_1', state, error: 'OopsError' },
});
const delivery = (changes: Partial<Delivery> = {}): Delivery => ({
  orderId: 'ord_1',
  correlationId: 'corr-1',
  listener: 'notify-customer',
  eventId: 'ord_1#OrderConfirmed',
  type: 'OrderConfirmed',
  status: 'DONE',
  attempts: 1,
  startedAt: at(4),
  endedAt: at(5),
  ...changes,
});
const tell = (told: Partial<Told>) =>
  timelineOf({ order: placedOrder(), histories: [], events: [], deliveries: [], lost: [], ...told });
const parkings = (told: Partial<Told>) => tell(told).entries.filter(({ kind }) => kind === 'parking');

describe('the timeline', () => {
  it('joins steps, events and deliveries in time order', () => {
    const charged = [then(1, entered('ChargePayment')), then(2, left('ChargePayment'))];
    const published = then(3, entered('PublishOrderConfirmed'));
    const { entries, placedAt, sources } = tell({
      deliveries: [delivery()],
      events: [confirmed],
      histories: [fulfillment(...charged, published)],
    });
    const detail = { workflow: 'OrderFulfillment', attempts: 0 };
    expect(entries).toEqual([
      {
        at: at(1),
        kind: 'step',
        name: 'ChargePayment',
        outcome: 'succeeded',
        detail: { ...detail, durationMs: 1_000 },
      },
      { at: at(3), kind: 'step', name: 'PublishOrderConfirmed', outcome: 'running', detail },
      {
        at: at(3),
        kind: 'event',
        name: 'OrderConfirmed',
        outcome: 'published',
        detail: { eventId: 'ord_1#OrderConfirmed' },
      },
      {
        at: at(4),
        kind: 'delivery',
        name: 'notify-customer',
        outcome: 'done',
        detail: { eventId: 'ord_1#OrderConfirmed', type: 'OrderConfirmed', attempts: 1, durationMs: 1_000 },
      },
    ]);
    expect({ placedAt, sources }).toEqual({
      placedAt: placedOrder().placedAt,
      sources: { steps: 'engine' },
    });
  });

  it('names the workflow of each step', () => {
    const histories: RunHistory[] = [
      fulfillment(then(1, entered('ChargePayment'))),
      { machine: 'continuation', events: [then(2, entered('CancelShipment'))], isWhole: true },
    ];
    expect(tell({ histories }).entries.map(({ detail }) => detail)).toMatchObject([
      { workflow: 'OrderFulfillment' },
      { workflow: 'OrderContinuation' },
    ]);
  });

  it.each([
    ['STARTED', 'started'],
    ['DONE', 'done'],
    ['FAILED', 'failed'],
    ['DEAD_LETTERED', 'dead-lettered'],
  ] as const)('says of a delivery that is %s: %s', (status, outcome) => {
    expect(tell({ deliveries: [delivery({ status })] }).entries).toMatchObject([{ outcome }]);
  });

  describe('of an event that lies in a listener’s queue', () => {
    const lost = {
      listener: 'notify-customer',
      orderId: 'ord_1',
      eventId: 'ord_1#OrderConfirmed',
      type: 'OrderConfirmed',
      error: 'ConfigurationError',
      message: 'bad configuration',
      since: at(9),
    };
    const told = (...deliveries: Delivery[]) => tell({ deliveries, lost: [lost] }).entries;

    it('tells that it was given up, and why, where the function could not even begin', () => {
      expect(told()).toEqual([
        {
          at: at(9),
          kind: 'delivery',
          name: 'notify-customer',
          outcome: 'dead-lettered',
          detail: {
            eventId: lost.eventId,
            type: 'OrderConfirmed',
            attempts: 0,
            error: 'ConfigurationError',
          },
        },
      ]);
    });

    it.each(['STARTED', 'FAILED'] as const)('knows better than a record that says %s', (status) => {
      expect(told(delivery({ status, attempts: 2, error: 'OopsError' }))).toMatchObject([
        { outcome: 'dead-lettered', detail: { attempts: 2, error: 'ConfigurationError' } },
      ]);
    });

    it('has nothing to say where the record has the end', () => {
      expect(told(delivery())).toMatchObject([{ outcome: 'done' }]);
      expect(told(delivery({ status: 'DEAD_LETTERED', error: 'OopsError' }))).toMatchObject([
        { outcome: 'dead-lettered', detail: { error: 'OopsError' } },
      ]);
    });

    it('does not touch what another listener made of it', () => {
      expect(told(delivery({ listener: 'log-event' }))).toMatchObject([
        { name: 'log-event', outcome: 'done' },
        { name: 'notify-customer', outcome: 'dead-lettered' },
      ]);
    });
  });

  it('tells the last 5000 entries of a story that is longer than an answer may be', () => {
    const deliveries = Array.from({ length: 5_003 }, (_, index) =>
      delivery({ eventId: `ord_1#${index}`, startedAt: new Date(Date.parse(at(0)) + index).toISOString() }),
    );
    const { entries, sources } = tell({ deliveries });
    expect(entries).toHaveLength(5_000);
    expect(entries[0]?.detail).toMatchObject({ eventId: 'ord_1#3' });
    expect(sources.note).toContain('5000');
  });

  it('tells by what an event was caused', () => {
    const causationId = 'ord_1#OrderConfirmed';
    expect(tell({ events: [{ ...confirmed, causationId }] }).entries).toMatchObject([
      { detail: { causationId } },
    ]);
  });
});

describe('where the steps are from', () => {
  const outcome = { status: 'CONFIRMED', endedAt: at(3) } as const;
  const order = placedOrder({ outcome });

  it('is said where no workflow has begun', () => {
    expect(tell({}).sources).toEqual({ steps: 'not begun' });
  });

  it('is said where the engine has forgotten the order, and the rest is told by our records', () => {
    const told = tell({ order, events: [confirmed], deliveries: [delivery()] });
    expect(told).toMatchObject({
      outcome,
      sources: { steps: 'gone', note: expect.stringContaining('90 days') },
      entries: [{ kind: 'event' }, { kind: 'delivery' }],
    });
  });

  it.each<[string, RunHistory]>([
    [
      'an earlier execution',
      { machine: 'continuation', events: [then(1, entered('CancelShipment'))], isWhole: true },
    ],
    ['the oldest steps', { ...fulfillment(then(1, entered('RefundPayment'))), isWhole: false }],
  ])('is said where %s is missing', (_, history) => {
    expect(tell({ order, histories: [history] }).sources).toMatchObject({
      steps: 'partly',
      note: expect.any(String),
    });
  });
});

describe('a parking', () => {
  const park = then(10, entered('ParkUndo', { undoFailure: { Error: 'OopsError' } }));
  const waiting = { at: at(10), kind: 'parking', name: 'ParkUndo', outcome: 'parked' };

  it('is told by the engine while it lasts', () => {
    expect(parkings({ histories: [fulfillment(park)], events: [needsAttention(at(10))] })).toEqual([
      { ...waiting, detail: { error: 'OopsError' } },
    ]);
  });

  it('ends by an operator, whose name and words are on record', () => {
    const notes = { RefundPayment: 'paid in cash' };
    const order = placedOrder({
      resumptions: { [at(10)]: { state: 'ParkUndo', at: at(19), by: 'operator-1', notes } },
    });
    expect(parkings({ order, histories: [fulfillment(park, then(20, left('ParkUndo')))] })).toEqual([
      { ...waiting, detail: { error: 'OopsError' } },
      {
        ...waiting,
        at: at(20),
        outcome: 'resumed',
        detail: { by: 'operator-1', note: 'RefundPayment: paid in cash' },
      },
    ]);
  });

  it.each([-1, 0, 1])('ends by its operator though their clock is off by %i s', (seconds) => {
    const resumption = { state: 'ParkUndo', at: at(10 + seconds), by: 'operator-1', notes: {} };
    const order = placedOrder({ resumptions: { [at(10)]: resumption } });
    const told = [{ outcome: 'parked' }, { outcome: 'resumed', detail: { by: 'operator-1' } }];
    expect(parkings({ order, histories: [fulfillment(park, then(10, left('ParkUndo')))] })).toMatchObject(
      told,
    );
    // The workflow was ended before it could go on: the word is on record.
    expect(
      parkings({ order, histories: [fulfillment(park, then(11, event('ExecutionAborted')))] }),
    ).toMatchObject(told);
  });

  it('is not ended by a word that has not taken effect', () => {
    const parking = { state: 'ParkUndo', error: 'OopsError', token: 't', resolutions: {} };
    const resumption = { state: 'ParkUndo', at: at(12), by: 'operator-1', notes: {} };
    const order = placedOrder({ parkedAt: at(10), parking, resumptions: { [at(10)]: resumption } });
    expect(parkings({ order, histories: [fulfillment(park)] })).toMatchObject([{ outcome: 'parked' }]);
  });

  it('ends by an operator whom no record names', () => {
    const order = placedOrder({
      resumptions: { [at(15)]: { state: 'ParkUndo', at: at(19), by: 'operator-2', notes: {} } },
    });
    const histories = [fulfillment(park, then(20, left('ParkUndo')))];
    expect(parkings({ order, histories })).toMatchObject([{}, { detail: { by: 'operator' } }]);
  });

  it('ends by itself after a day', () => {
    const histories = [fulfillment(park, then(20, timedOut), then(21, left('ParkUndo')))];
    expect(parkings({ histories })).toMatchObject([
      { outcome: 'parked' },
      { at: at(21), outcome: 'resumed', detail: { by: 'time-out' } },
    ]);
  });

  it('that did not come about is none', () => {
    const failed = event('TaskFailed', {
      taskFailedEventDetails: { error: 'InjectedError', resourceType: 'lambda', resource: 'invoke' },
    });
    const histories = [fulfillment(park, then(11, failed), then(12, left('ParkUndo')))];
    expect(parkings({ histories })).toEqual([]);
  });

  it('whose workflow was ended from outside has lasted until then', () => {
    const histories = [fulfillment(park, then(11, event('ExecutionAborted')))];
    expect(parkings({ histories })).toMatchObject([{ outcome: 'parked' }]);
  });

  it('without a workflow is told by our records', () => {
    const order = placedOrder({
      resumptions: { [at(15)]: { state: 'Recovery', at: at(25), by: 'operator-1', notes: {} } },
    });
    const histories = [fulfillment(park, then(11, event('ExecutionAborted')))];
    const events = [needsAttention(at(10)), needsAttention(at(15), 'Recovery')];
    expect(parkings({ order, histories, events })).toMatchObject([
      { at: at(10), name: 'ParkUndo', outcome: 'parked' },
      { at: at(15), name: 'Recovery', outcome: 'parked', detail: { error: 'OopsError' } },
      { at: at(25), name: 'Recovery', outcome: 'resumed', detail: { by: 'operator-1' } },
    ]);
  });

  it('whose event is still under way is told by the order itself', () => {
    const parking = { state: 'Recovery', error: 'OopsError', resolutions: {} };
    const order = placedOrder({ parkedAt: at(15), parking });
    const told = [{ at: at(15), name: 'Recovery', outcome: 'parked', detail: { error: 'OopsError' } }];
    expect(parkings({ order })).toMatchObject(told);
    expect(parkings({ order, events: [needsAttention(at(15), 'Recovery')] })).toMatchObject(told);
  });

  it('before what the engine still knows is told by our records', () => {
    const order = placedOrder({
      outcome: { status: 'CANCELLED', endedAt: at(40), reason: 'X' },
      resumptions: { [at(10)]: { state: 'ParkUndo', at: at(15), by: 'operator-1', notes: {} } },
    });
    const events = [needsAttention(at(10))];
    const told = [
      { at: at(10), name: 'ParkUndo', outcome: 'parked' },
      { at: at(15), name: 'ParkUndo', outcome: 'resumed', detail: { by: 'operator-1' } },
    ];
    expect(parkings({ order, events })).toMatchObject(told);
    const later = then(30, entered('CancelShipment'));
    expect(parkings({ order, events, histories: [fulfillment(later)] })).toMatchObject(told);
  });
});
