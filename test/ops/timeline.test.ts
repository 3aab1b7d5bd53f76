import { describe, expect, it } from '@jest/globals';
import type { OperatorsOrder } from '../../api/answers/order.ts';
import { opsAgainst } from './fake-api.ts';
import { order, told } from './orders-of-the-tests.ts';

const PLACED = Date.parse('2026-01-15T10:29:30.000Z');
const at = (ms: number) => new Date(PLACED + ms).toISOString();
const step = (ms: number, name: string, outcome = 'succeeded', detail: object = {}) => ({
  at: at(ms),
  kind: 'step',
  name,
  outcome,
  detail: { workflow: 'OrderFulfillment', attempts: 1, durationMs: 10, ...detail },
});
const event = (ms: number, name: string, detail: object = {}) => ({
  at: at(ms),
  kind: 'event',
  name,
  outcome: 'published',
  detail: { eventId: `ord_1#${name}`, ...detail },
});
const delivery = (ms: number, name: string, outcome = 'done', detail: object = {}) => ({
  at: at(ms),
  kind: 'delivery',
  name,
  outcome,
  detail: { eventId: 'ord_1#OrderCancelled', type: 'OrderCancelled', attempts: 1, ...detail },
});
const parking = (ms: number, outcome: string, detail: object) => ({
  at: at(ms),
  kind: 'parking',
  name: 'ParkUndo',
  outcome,
  detail,
});

const tell = async (
  entries: object[],
  changes: Partial<OperatorsOrder> = {},
  sources: object = { steps: 'engine' },
) => {
  const answers = {
    'GET /ops/orders/ord_1': { body: order(changes) },
    'GET /ops/orders/ord_1/timeline': { body: told(entries, sources) },
  };
  const { stdout = '' } = await opsAgainst(answers, 'timeline', 'ord_1');
  return stdout;
};
/** The story without its head. */
const lines = async (...entries: object[]) => (await tell(entries)).split('\n').slice(4);

const undeliverable = {
  error: 'AddressUndeliverableError',
  message: 'no delivery to its postal code',
};

describe('timeline', () => {
  it('tells of a payment that its customer had to confirm', async () => {
    const undecided = {
      error: 'PaymentActionRequiredError',
      message: 'the payment of order ord_1 needs its customer',
    };
    const [charged = '', waited = '', again = ''] = await lines(
      step(10, 'ChargePayment', 'failed', undecided),
      step(20, 'AwaitPayment'),
      step(30, 'ChargePayment'),
    );
    expect(charged).toContain('… not decided yet: the payment of the order needs its customer');
    expect(waited).toContain('✓ heard of the payment (AwaitPayment');
    expect(again).toContain('✓ payment charged (ChargePayment');
  });

  it('tells of a compensated order as a story', async () => {
    const failure = {
      error: 'AddressUndeliverableError',
      message: 'The carrier does not deliver to this address.',
      undone: ['ReleaseInventory', 'RefundPayment'],
    };
    const entries = [
      step(50, 'ChargePayment'),
      step(60, 'ReserveInventory', 'succeeded', { attempts: 3, durationMs: 4_200 }),
      step(4_300, 'CreateShipment', 'failed', undeliverable),
      step(4_400, 'ReleaseInventory'),
      step(4_500, 'RefundPayment', 'failed', { attempts: 11, error: 'InjectedError', message: 'asked for' }),
      step(4_600, 'ParkUndo', 'succeeded'),
      parking(4_600, 'parked', { error: 'InjectedError' }),
      event(4_600, 'OrderNeedsAttention'),
      parking(91_600, 'resumed', { by: 'ada' }),
      step(91_600, 'RetryUndo', 'succeeded', { attempts: 0, durationMs: 0 }),
      step(91_700, 'CancelShipment'),
      step(91_800, 'ReleaseInventory'),
      step(91_900, 'RefundPayment'),
      step(92_000, 'IsEverythingUndone'),
      step(92_100, 'PublishOrderCancelled'),
      event(92_100, 'OrderCancelled'),
      step(92_200, 'OrderCancelled', 'ended'),
      delivery(92_300, 'notify-customer', 'done', { durationMs: 12 }),
    ];
    expect(await tell(entries, { status: 'CANCELLED', failure })).toBe(
      `ord_1: 2 x MUG-WHITE: EUR 25.00
placed 2026-01-15 10:29:30 UTC, CANCELLED
The carrier does not deliver to this address. (AddressUndeliverableError) Undone: stock back on the shelf, money back.

      after  workflow (✓ done, ✗ failed, ↩ undone), » event, · listener
     +50 ms  ✓ payment charged (ChargePayment, 10 ms)
     +60 ms  ✓ stock reserved (ReserveInventory, 3 attempts, 4.2 s)
     +4.3 s  ✗ the parcel was not booked: no delivery to its postal code (CreateShipment, AddressUndeliverableError)
     +4.4 s  ↩ stock back on the shelf (ReleaseInventory, 10 ms)
     +4.5 s  ✗ the money could not be given back: asked for (RefundPayment, InjectedError, 11 attempts)
     +4.6 s  ‖ parked: waits for an operator (ParkUndo, InjectedError)
     +4.6 s      » OrderNeedsAttention
+1 min 31 s  ▶ goes on: resumed by ada after 1 min 27 s (ParkUndo)
+1 min 31 s  ✓ the undo begins anew (RetryUndo)
+1 min 31 s  ↩ parcel cancelled, if there was one (CancelShipment, 10 ms)
+1 min 31 s  ↩ stock back on the shelf (ReleaseInventory, once more, 10 ms)
+1 min 31 s  ↩ money back (RefundPayment, 10 ms)
+1 min 32 s  ✓ order cancelled: everything is undone (PublishOrderCancelled, 10 ms)
+1 min 32 s      » OrderCancelled
+1 min 32 s          · notify-customer has dealt with OrderCancelled (12 ms)`,
    );
  });

  it('says where nobody knows whether a step took effect', async () => {
    expect(
      await lines(
        step(1, 'ReserveInventory', 'failed', { error: 'States.Timeout' }),
        step(2, 'ReleaseInventory', 'succeeded'),
      ),
    ).toEqual(
      [
        expect.stringContaining(' after '),
        expect.stringContaining(
          '✗ the stock was not reserved: no answer in time; whether it took effect is not known',
        ),
        expect.stringContaining('↩ stock back on the shelf, if it was reserved'),
      ].slice(1),
    );
  });

  it('says what goes on, and what it waits for', async () => {
    expect(
      await lines(step(1, 'ChargePayment', 'running', { attempts: 3, error: 'AwsUnavailableError' })),
    ).toEqual([
      expect.stringContaining(
        '… charging the payment (ChargePayment, last attempt: AwsUnavailableError, 3 attempts)',
      ),
    ]);
  });

  it('says where the order went on in another workflow, and why', async () => {
    expect(
      await lines(
        step(1, 'CreateShipment', 'failed', { error: 'ExecutionAborted' }),
        step(2, 'CancelShipment', 'succeeded', { workflow: 'OrderContinuation' }),
      ),
    ).toEqual([
      expect.stringContaining('the workflow was ended from outside; whether it took effect is not known'),
      expect.stringContaining('— goes on in another workflow: OrderContinuation'),
      expect.stringContaining('↩ parcel cancelled, if there was one'),
    ]);
  });

  it.each([
    [{ by: 'time-out' }, 'goes on by itself, as a day has passed (ParkUndo)'],
    [
      { by: 'ada', note: 'RefundPayment: in cash' },
      'goes on: resumed by ada after 4 ms; settled by hand: RefundPayment: in cash (ParkUndo)',
    ],
  ])('says who has resumed it: %j', async (detail, words) => {
    const [, resumed] = await lines(parking(1, 'parked', {}), parking(5, 'resumed', detail));
    expect(resumed).toContain(`▶ ${words}`);
  });

  it('tells of an order whose parcel had left that it was kept, by whom and why', async () => {
    const told = await lines(
      step(1, 'CancelShipment', 'failed', {
        error: 'ShipmentDispatchedError',
        message: 'the parcel has already left',
      }),
      parking(2, 'parked', { error: 'ShipmentDispatchedError' }),
      parking(9, 'resumed', { by: 'ada', note: 'KeepShipment: it stays gone' }),
      step(9, 'IsKept', 'succeeded'),
      step(9, 'KeepShipment'),
      step(10, 'WasConfirmed', 'succeeded'),
      step(10, 'PublishOrderKept'),
      event(10, 'OrderKept'),
    );
    expect(told.map((line) => line.trim().replace(/^\+\d+ ms +/, ''))).toEqual([
      '✗ the parcel could not be cancelled: the parcel has already left (CancelShipment, ShipmentDispatchedError)',
      '‖ parked: waits for an operator (ParkUndo, ShipmentDispatchedError)',
      '▶ goes on: resumed by ada after 7 ms; kept: it stays gone (ParkUndo)',
      '✓ order kept: the parcel is on its way (KeepShipment, 10 ms)',
      '✓ order confirmed as before: nothing is undone (PublishOrderKept, 10 ms)',
      '» OrderKept',
    ]);
  });

  it('says that an undo was settled by hand, and not done', async () => {
    const [, undo] = await lines(
      parking(5, 'resumed', { by: 'ada', note: 'RefundPayment: in cash' }),
      step(6, 'RefundPayment'),
    );
    expect(undo).toContain('↩ nothing to do: it was settled by hand (RefundPayment');
  });

  it('says that an order could not even be parked', async () => {
    const [told] = await lines(step(1, 'ParkUndo', 'failed', { error: 'InjectedError', attempts: 11 }));
    expect(told).toContain('✗ ParkUndo failed: InjectedError');
  });

  it.each([
    ['started', {}, '· notify-customer is dealing with OrderCancelled'],
    ['done', { attempts: 2 }, '· notify-customer has dealt with OrderCancelled (2 attempts)'],
    [
      'failed',
      { error: 'MailerError' },
      '✗ notify-customer failed on OrderCancelled, and will be given it again (MailerError)',
    ],
    [
      'dead-lettered',
      { error: 'MailerError', attempts: 3 },
      '✗ notify-customer gave up on OrderCancelled (MailerError, 3 attempts): npm run ops -- redrive notify-customer',
    ],
  ])('says what a listener made of an event: %s', async (outcome, detail, words) => {
    expect(await lines(delivery(1, 'notify-customer', outcome, detail))).toEqual([
      expect.stringContaining(`        ${words}`),
    ]);
  });

  it('says what an event was caused by', async () => {
    const [told] = await lines(event(1, 'FraudSuspected', { causationId: 'ord_1#OrderConfirmed' }));
    expect(told).toContain('    » FraudSuspected (because of OrderConfirmed)');
  });

  it('tells a state that it has no words for by its name', async () => {
    expect((await lines(step(1, 'WrapGift')))[0]).toContain('✓ WrapGift done (WrapGift, 10 ms)');
  });

  it('says where the steps are gone', async () => {
    const sources = { steps: 'gone', note: 'The steps are gone.' };
    expect(await tell([event(1, 'OrderConfirmed')], {}, sources)).toMatch(/\n\nThe steps are gone\.$/);
  });
});
