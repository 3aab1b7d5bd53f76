import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../../lambdas/orders/workflow/park-order.ts';
import { schemaErrors } from '../../../contracts/schema-errors.ts';
import { type BusInMemory, busInMemory } from '../../bus-in-memory.ts';
import { lambdaContext } from '../../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

const parkedAt = '2026-01-15T09:36:00.000Z';
const byHand = { note: 'fetched from the depot', by: 'operator-1', at: '2026-01-15T09:40:00.000Z' };
const input = {
  orderId: 'ord_1',
  correlationId: 'corr-1',
  customerId: 'customer-1',
  state: 'ParkUndo',
  error: 'PaymentProviderUnavailableError',
  entered: { EnteredTime: parkedAt, Name: 'ParkUndo', RetryCount: 0 },
  token: 'token-1',
  resolutions: { CancelShipment: byHand },
};
const open = placedOrder({ openSince: '2026-01-15T09:30:00.000Z' });
const park = (changes = {}) => handler({ ...input, ...changes }, lambdaContext);

let tables: TablesInMemory;
let bus: BusInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId' });
  tables.seed('Orders', { ...open });
  bus = busInMemory();
});
const order = () => tables.row('Orders', 'ord_1');

describe('park-order', () => {
  it('puts the order where an operator finds it, with all that wakes it', async () => {
    await park();
    expect(order()).toEqual({
      ...open,
      resumptions: {},
      lastWait: `${parkedAt}#000`,
      parkedAt,
      parking: {
        state: 'ParkUndo',
        error: 'PaymentProviderUnavailableError',
        token: 'token-1',
        resolutions: { CancelShipment: byHand },
      },
    });
  });

  it('takes the time of an engine that writes an offset for what it is', async () => {
    await park({ entered: { EnteredTime: '2026-01-15T11:36:00.000000+02:00' } });
    expect(order()).toMatchObject({ parkedAt });
    expect(bus.published()).toMatchObject([{ detail: { metadata: { occurredAt: parkedAt } } }]);
  });

  it('says so by its event, without the token', async () => {
    await park();
    const [event, ...others] = bus.published();
    expect(others).toEqual([]);
    expect(event).toEqual({
      bus: 'OrderBus',
      type: 'OrderNeedsAttention',
      detail: {
        metadata: {
          eventId: `ord_1#OrderNeedsAttention#${parkedAt}`,
          correlationId: 'corr-1',
          schemaVersion: 1,
          occurredAt: parkedAt,
        },
        data: {
          orderId: 'ord_1',
          customerId: 'customer-1',
          state: 'ParkUndo',
          error: 'PaymentProviderUnavailableError',
        },
      },
    });
    expect(bus.published().flatMap(schemaErrors)).toEqual([]);
  });

  it('records before it publishes: whoever hears of it finds it', async () => {
    bus.calls.on(PutEventsCommand).callsFake(async () => {
      expect(order()).toMatchObject({ parkedAt });
      return { FailedEntryCount: 0 };
    });
    await park();
    expect(bus.published()).toHaveLength(1);
  });

  it('publishes nothing where it could not record', async () => {
    tables.beforeNextWrite(() => Promise.reject(new Error('table away')));
    await expect(park()).rejects.toThrow('table away');
    expect(bus.published()).toEqual([]);
  });

  it('fails where the bus does, so that it is tried again; the repeat is the same event with the newer token', async () => {
    bus.calls.on(PutEventsCommand).resolvesOnce({ FailedEntryCount: 1 }).resolves({ FailedEntryCount: 0 });
    await expect(park()).rejects.toMatchObject({ name: 'EventNotPublishedError' });
    await park({ token: 'token-2', entered: { EnteredTime: parkedAt, RetryCount: 1 } });
    const [first, second] = bus.published();
    expect(second).toEqual(first);
    expect(order()).toMatchObject({ parking: { token: 'token-2' } });
  });

  it('that comes late parks no order that has ended, and bothers nobody', async () => {
    const ended = placedOrder({ outcome: { status: 'CANCELLED', endedAt: parkedAt } });
    tables.seed('Orders', { ...ended });
    await park();
    expect(order()).toEqual(ended);
    expect(bus.published()).toEqual([]);
  });

  it('leaves no half a record of an order that is not there', async () => {
    await park({ orderId: 'ord_2' });
    expect(tables.row('Orders', 'ord_2')).toBeUndefined();
    expect(bus.published()).toEqual([]);
  });

  it('is another event where the order parks again', async () => {
    await park();
    await park({ entered: { EnteredTime: '2026-01-16T09:36:00.000Z' }, token: 'token-2' });
    const ids = bus.published().map(({ detail }) => detail.metadata.eventId);
    expect(new Set(ids).size).toBe(2);
    expect(order()).toMatchObject({ parkedAt: '2026-01-16T09:36:00.000Z' });
  });

  it('refuses a time that is none', async () => {
    await expect(park({ entered: { EnteredTime: 'yesterday' } })).rejects.toThrow(
      'invalid input: entered.EnteredTime: ',
    );
    expect(tables.writes()).toBe(0);
  });

  it.each([
    ['customerId', ''],
    ['entered', undefined],
    ['state', undefined],
    ['error', ''],
    ['token', ''],
    ['resolutions', undefined],
  ])('refuses an input whose %s is %j, and parks nothing', async (field, value) => {
    await expect(park({ [field]: value })).rejects.toThrow(`invalid input: ${field}: `);
    expect(tables.writes()).toBe(0);
    expect(bus.published()).toEqual([]);
  });
});
