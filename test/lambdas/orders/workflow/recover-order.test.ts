import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../../lambdas/orders/workflow/recover-order.ts';
import { schemaErrors } from '../../../contracts/schema-errors.ts';
import { type BusInMemory, busInMemory } from '../../bus-in-memory.ts';
import { lambdaContext } from '../../lambda-context.ts';
import { logLinesOf } from '../../log-lines.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import {
  AT,
  aborted,
  begun,
  type ExecutionsInMemory,
  entered,
  executionsInMemory,
  failed,
  machines,
  succeeded,
  undone,
} from '../executions-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

const { fulfillment, continuation } = machines();
const order = placedOrder({ openSince: AT });

let tables: TablesInMemory;
let engine: ExecutionsInMemory;
let bus: BusInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId' });
  tables.seed('Orders', { ...order });
  engine = executionsInMemory();
  bus = busInMemory();
});

/** As Step Functions tells it: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const told = (name: string, status = 'ABORTED', detail = {}) =>
  handler(
    {
      version: '0',
      'detail-type': 'Step Functions Execution Status Change',
      source: 'aws.states',
      detail: { name, status, error: null, cause: null, ...detail },
    },
    lambdaContext,
  );
const nothingHasHappened = () => {
  expect(engine.starts()).toEqual([]);
  expect(tables.writes()).toBe(0);
  expect(bus.published()).toEqual([]);
};

describe('recover-order', () => {
  it.each(['FAILED', 'ABORTED', 'TIMED_OUT'])(
    'undoes an order whose workflow has ended by %s before it has shipped',
    async (status) => {
      engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory', { orderId: 'ord_1' }), aborted);
      await told('ord_1', status);
      expect(engine.starts()).toMatchObject([
        { machine: continuation, name: 'ord_1-1', input: { failure: { Error: 'ExecutionAborted' } } },
      ]);
      expect(tables.writes()).toBe(0);
      expect(bus.published()).toEqual([]);
    },
  );

  it.each(['PublishOrderConfirmed', 'ParkConfirmation'])(
    'confirms an order whose workflow has ended in %s: it has shipped',
    async (step) => {
      engine.has(fulfillment, 'ord_1', begun, entered(step, { shipment: { trackingNumber: 'S' } }), aborted);
      await told('ord_1');
      expect(engine.starts()).toMatchObject([
        { machine: continuation, name: 'ord_1-1', input: { shipment: { trackingNumber: 'S' } } },
      ]);
    },
  );

  it('leaves a clean end alone, which Step Functions calls FAILED too', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('OrderCancelled'), undone('OutOfStockError'));
    await told('ord_1', 'FAILED', { error: 'OrderCancelled', cause: 'OutOfStockError' });
    nothingHasHappened();
  });

  it('counts an end that it goes on from, and no clean one', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory'), aborted);
    const counted = expect.objectContaining({ AbnormalEnds: 1, correlationId: order.correlationId });
    expect(await logLinesOf(() => told('ord_1'))).toContainEqual(counted);
    engine.has(continuation, 'ord_1-1', begun, entered('OrderCancelled'), undone('ExecutionAborted'));
    expect(await logLinesOf(() => told('ord_1-1', 'FAILED'))).not.toContainEqual(counted);
  });

  it('goes on with an order once, though it is told twice', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory'), aborted);
    await told('ord_1');
    await told('ord_1');
    expect(engine.starts().map(({ name }) => name)).toEqual(['ord_1-1']);
  });

  it.each([
    ['runs', [begun, entered('RefundPayment')]],
    ['has gone well', [begun, undone('ExecutionAborted')]],
    ['has ended badly itself, of which it is told too', [begun, failed('States.Runtime')]],
  ])('leaves an end alone that was recovered before: the recovery %s', async (_, history) => {
    engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory'), aborted);
    engine.has(continuation, 'ord_1-1', ...history);
    await told('ord_1');
    nothingHasHappened();
  });

  it('goes on where a recovery has ended badly', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory'), aborted);
    engine.has(continuation, 'ord_1-1', begun, entered('RefundPayment'), aborted);
    await told('ord_1-1');
    expect(engine.starts()).toMatchObject([{ machine: continuation, name: 'ord_1-2' }]);
  });

  it('goes on with the undoing of an order that was confirmed: that it was is no end of it', async () => {
    tables.seed('Orders', { ...order, outcome: { status: 'CONFIRMED', endedAt: AT } });
    engine.has(fulfillment, 'ord_1', begun, succeeded);
    const cancelling = { goOnFrom: 'CancelShipment', wasConfirmed: true };
    engine.has(continuation, 'ord_1-1', begun, entered('RefundPayment', cancelling), aborted);
    await told('ord_1-1');
    expect(engine.starts()).toMatchObject([{ name: 'ord_1-2', input: { goOnFrom: 'CancelShipment' } }]);
  });

  it('leaves alone what is of no order of ours', async () => {
    engine.has(fulfillment, 'ord_2', begun, aborted);
    await told('ord_2');
    nothingHasHappened();
  });

  it('leaves alone what runs by the time it is told', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory'));
    await told('ord_1');
    nothingHasHappened();
  });

  it.each([
    ['detail.status', 'ord_1', { status: 'RUNNING' }],
    ['detail.name', 'ord_1', { name: undefined }],
  ])('refuses an event with a bad %s', async (field, name, detail) => {
    await expect(told(name, 'ABORTED', detail)).rejects.toThrow(`${field}: `);
    nothingHasHappened();
  });
});

describe('an order that has been recovered three times in vain', () => {
  const at = '2026-01-15T10:00:00.000Z';
  const endsAgain = () => {
    engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory'), aborted);
    for (const name of ['ord_1-1', 'ord_1-2'])
      engine.has(continuation, name, begun, entered('RefundPayment'), aborted);
    const last = { ...failed('States.Runtime'), timestamp: new Date(at) };
    engine.has(continuation, 'ord_1-3', begun, entered('RefundPayment'), last);
    return told('ord_1-3', 'FAILED');
  };

  it('parks, without a token as nothing waits, since its last end', async () => {
    await endsAgain();
    expect(engine.starts()).toEqual([]);
    expect(tables.row('Orders', 'ord_1')).toEqual({
      ...order,
      resumptions: {},
      parkedAt: at,
      lastWait: `${at}#000`,
      parking: { state: 'Recovery', error: 'States.Runtime', isTold: true, resolutions: {} },
    });
  });

  it('parks by its tenth execution as by its fourth', async () => {
    engine.has(fulfillment, 'ord_1', begun, entered('ReserveInventory'), aborted);
    for (let count = 1; count <= 10; count += 1)
      engine.has(continuation, `ord_1-${count}`, begun, entered('RefundPayment'), aborted);
    await told('ord_1-10');
    expect(tables.row('Orders', 'ord_1')).toMatchObject({ parking: { state: 'Recovery' } });
  });

  it('is announced by an event of its own', async () => {
    await endsAgain();
    const [event, ...others] = bus.published();
    expect(others).toEqual([]);
    expect(event).toMatchObject({ bus: 'OrderBus', type: 'OrderNeedsAttention' });
    expect(bus.published().flatMap(schemaErrors)).toEqual([]);
    expect(event?.detail).toEqual({
      metadata: {
        eventId: `ord_1#OrderNeedsAttention#${at}`,
        correlationId: 'corr-1',
        schemaVersion: 1,
        occurredAt: at,
      },
      data: { orderId: 'ord_1', customerId: 'customer-1', state: 'Recovery', error: 'States.Runtime' },
    });
  });

  it('parks once, though it is told twice', async () => {
    await endsAgain();
    await endsAgain();
    // That it is parked, and that everybody was told.
    expect(tables.writes()).toBe(2);
    expect(bus.published()).toHaveLength(1);
  });

  it('is announced again until it is on record that it was', async () => {
    bus.calls.on(PutEventsCommand).rejectsOnce(new Error('killed')).resolves({ FailedEntryCount: 0 });
    await expect(endsAgain()).rejects.toThrow('killed');
    expect(tables.row('Orders', 'ord_1')).toMatchObject({ parkedAt: at });
    // It has ended once.
    expect(await logLinesOf(endsAgain)).not.toContainEqual(expect.objectContaining({ AbnormalEnds: 1 }));
    await endsAgain();
    const ids = bus.published().map(({ detail }) => detail.metadata.eventId);
    expect(ids).toEqual(Array(2).fill(`ord_1#OrderNeedsAttention#${at}`));
  });
});

describe('an order whose confirmation was ended again and again', () => {
  const at = '2026-01-15T10:00:00.000Z';
  const confirming = entered('PublishOrderConfirmed', { goOnFrom: 'PublishOrderConfirmed' });
  const endsAgain = () => {
    engine.has(fulfillment, 'ord_1', begun, entered('PublishOrderConfirmed'), aborted);
    for (const name of ['ord_1-1', 'ord_1-2']) engine.has(continuation, name, begun, confirming, aborted);
    engine.has(continuation, 'ord_1-3', begun, confirming, { ...aborted, timestamp: new Date(at) });
    return told('ord_1-3', 'ABORTED');
  };
  const confirmed = { ...order, outcome: { status: 'CONFIRMED', endedAt: at } };

  it('parks', async () => {
    await endsAgain();
    expect(tables.row('Orders', 'ord_1')).toMatchObject({ parkedAt: at, parking: { state: 'Recovery' } });
  });

  it('does not where its end is known: nobody has anything to do', async () => {
    tables.seed('Orders', confirmed);
    await endsAgain();
    nothingHasHappened();
    expect(tables.row('Orders', 'ord_1')).toEqual(confirmed);
  });

  it('nor where it comes to be known meanwhile', async () => {
    tables.beforeNextWrite(async () => tables.seed('Orders', confirmed));
    await endsAgain();
    expect(tables.row('Orders', 'ord_1')).toEqual(confirmed);
    expect(bus.published()).toEqual([]);
  });
});

describe('an order whose keeping has ended as it should not', () => {
  const confirmed = { status: 'CONFIRMED', endedAt: AT };
  const keeping = {
    goOnFrom: 'CancelShipment',
    wasConfirmed: true,
    failure: { Error: 'CancelledByCustomer' },
  };
  const ends = () => {
    engine.has(fulfillment, 'ord_1', begun, succeeded);
    engine.has(continuation, 'ord_1-1', begun, entered('PublishOrderKept', keeping), aborted);
    return told('ord_1-1');
  };

  it('is kept by the next execution', async () => {
    tables.seed('Orders', { ...order, outcome: confirmed });
    await ends();
    expect(engine.starts()).toMatchObject([
      { name: 'ord_1-2', input: { ...keeping, goOnFrom: 'KeepShipment' } },
    ]);
  });

  it.each([
    ['it is confirmed as before', { outcome: confirmed }],
    [
      'it was kept before, and is being cancelled again',
      { outcome: { ...confirmed, isKept: true }, openSince: AT },
    ],
  ])('is kept by the next execution where %s', async (_, changes) => {
    const { openSince: __, ...closed } = order;
    tables.seed('Orders', { ...closed, ...changes });
    await ends();
    expect(engine.starts()).toMatchObject([{ name: 'ord_1-2', input: { goOnFrom: 'KeepShipment' } }]);
  });

  it('is left alone where it is known to be kept', async () => {
    const { openSince: _, ...closed } = order;
    tables.seed('Orders', { ...closed, outcome: { ...confirmed, isKept: true } });
    await ends();
    nothingHasHappened();
  });
});
