import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DeadLetters } from '../../../../api/answers/deliveries.ts';
import { getOrderTimeline, handler } from '../../../../lambdas/orders/api/get-order-timeline.ts';
import { apiRequest, ask } from '../../api-requests.ts';
import { type TablesInMemory, tablesInMemory } from '../../tables-in-memory.ts';
import {
  AT,
  begun,
  type ExecutionsInMemory,
  entered,
  event,
  executionsInMemory,
  machines,
} from '../executions-in-memory.ts';
import { placedOrder } from '../placed-orders.ts';

const { fulfillment } = machines();
let tables: TablesInMemory;
let engine: ExecutionsInMemory;
/** One order a test: the function remembers for a moment what the engine has said of another. */
let orderId = 'ord_0';
const order = (changes = {}) => tables.seed('Orders', { ...placedOrder({ orderId, ...changes }) });

beforeEach(() => {
  orderId = `ord_${Number(orderId.slice(4)) + 1}`;
  engine = executionsInMemory();
  tables = tablesInMemory({ Orders: 'orderId' });
  tables.calls.on(QueryCommand).resolves({});
  order();
});

const timelineFor = (customerId: string, routeKey = 'GET /orders/{orderId}/timeline') =>
  ask(handler, apiRequest({ path: { orderId }, customerId, routeKey }));

describe('get-order-timeline', () => {
  it("tells the story of the caller's order", async () => {
    engine.has(fulfillment, orderId, begun, entered('ChargePayment'));
    tables.calls.on(QueryCommand, { TableName: 'AuditLog' }).resolves({
      Items: [
        {
          eventId: `${orderId}#OrderConfirmed`,
          type: 'OrderConfirmed',
          occurredAt: '2026-01-16T00:00:00.000Z',
          data: {},
        },
      ],
    });
    tables.calls.on(QueryCommand, { TableName: 'Deliveries' }).resolves({
      Items: [
        {
          eventId: `${orderId}#OrderConfirmed`,
          type: 'OrderConfirmed',
          listener: 'log-event',
          status: 'DONE',
          attempts: 1,
          startedAt: '2026-01-17T00:00:00.000Z',
        },
      ],
    });
    await expect(timelineFor('customer-1')).resolves.toMatchObject({
      status: 200,
      body: {
        entries: [
          { at: AT, kind: 'step', name: 'ChargePayment' },
          { kind: 'event', name: 'OrderConfirmed' },
          { kind: 'delivery', name: 'log-event' },
        ],
      },
    });
  });

  it('asks for the events and deliveries of the order alone, page by page', async () => {
    const LastEvaluatedKey = { orderId, eventId: 'e' };
    tables.calls
      .on(QueryCommand, { TableName: 'AuditLog' })
      .resolvesOnce({ LastEvaluatedKey })
      .resolves({ Items: [{ eventId: `${orderId}#X`, type: 'X', occurredAt: AT, data: {} }] });
    expect((await timelineFor('customer-1')).body.entries).toHaveLength(1);
    const asked = tables.calls
      .commandCalls(QueryCommand)
      .map(({ args: [{ input }] }) => [
        input.TableName,
        input.ExpressionAttributeValues,
        input.ExclusiveStartKey,
      ]);
    const values = { ':orderId': orderId };
    expect(asked).toEqual([
      ['AuditLog', values, undefined],
      ['Deliveries', values, undefined],
      ['AuditLog', values, LastEvaluatedKey],
    ]);
  });

  it('tells nothing yet of an order that has not started', async () => {
    await expect(timelineFor('customer-1')).resolves.toMatchObject({
      status: 200,
      body: { entries: [], sources: { steps: 'not begun' } },
    });
  });

  it("tells nothing of another's order, and does not ask", async () => {
    await expect(timelineFor('customer-2')).resolves.toMatchObject({ status: 404 });
    expect(engine.calls.calls()).toEqual([]);
  });

  it('tells who has resumed the order, and in which words, to operators alone', async () => {
    const notes = { RefundPayment: 'paid in cash' };
    order({ resumptions: { [AT]: { state: 'ParkUndo', at: AT, by: 'operator-1', notes } } });
    const left = event('TaskStateExited', { stateExitedEventDetails: { name: 'ParkUndo' } });
    engine.has(fulfillment, orderId, begun, entered('ParkUndo', {}), left);
    const resumed = { kind: 'parking', outcome: 'resumed' };
    expect((await timelineFor('customer-1')).body.entries.at(-1)).toMatchObject({
      ...resumed,
      detail: { by: 'operator' },
    });
    expect(JSON.stringify(await timelineFor('customer-1'))).not.toContain('cash');
    const { body } = await timelineFor('operator-1', 'GET /ops/orders/{orderId}/timeline');
    expect(body.entries.at(-1)).toMatchObject({
      ...resumed,
      detail: { by: 'operator-1', note: 'RefundPayment: paid in cash' },
    });
  });

  describe('of an event that lies in a listener’s queue', () => {
    const letter = { orderId: 'ord_1', eventId: 'ord_1#X', type: 'X', error: 'OopsError', since: AT };
    const letters = [letter, { ...letter, orderId: 'ord_2', eventId: 'ord_2#X' }];
    const deadLetters = jest.fn<() => Promise<DeadLetters[]>>();
    const nothing = async () => [];
    const told = async (isOperator: boolean) => {
      const tell = getOrderTimeline({
        orders: { get: async () => placedOrder() } as never,
        workflow: { history: nothing } as never,
        auditLog: { of: nothing },
        deliveries: { of: nothing },
        deadLetters,
      });
      const call = { callerId: 'customer-1', isOperator, path: { orderId: 'ord_1' } };
      return (await tell(call as never)).body.entries;
    };
    beforeEach(() => {
      deadLetters.mockReset().mockResolvedValue([{ listener: 'log-event', deadLetters: 2, letters }]);
    });

    it('tells operators, of the order’s own', async () => {
      expect(await told(true)).toMatchObject([
        { kind: 'delivery', name: 'log-event', outcome: 'dead-lettered', detail: { error: 'OopsError' } },
      ]);
    });

    it('does not look for customers', async () => {
      expect(await told(false)).toEqual([]);
      expect(deadLetters).not.toHaveBeenCalled();
    });

    it('is told without, where the queues do not answer', async () => {
      deadLetters.mockRejectedValue(new Error('SQS away'));
      expect(await told(true)).toEqual([]);
    });
  });
});
