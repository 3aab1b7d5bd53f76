import { ExecutionDoesNotExist, GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../lambdas/orders/get-order-timeline.ts';
import { stepFunctions } from '../../../lambdas/runtime/step-functions.ts';
import { apiRequest, ask } from '../api-requests.ts';
import { tablesInMemory } from '../tables-in-memory.ts';
import { placedOrder } from './placed-orders.ts';

const engine = mockClient(stepFunctions);
beforeEach(() => {
  engine.reset();
  tablesInMemory({ Orders: 'orderId' }).seed('Orders', { ...placedOrder() });
});

const timelineFor = (customerId: string) =>
  ask(handler, apiRequest({ path: { orderId: 'ord_1' }, customerId }));

describe('get-order-timeline', () => {
  it("tells the steps of the caller's order", async () => {
    engine.on(GetExecutionHistoryCommand).resolves({
      events: [
        {
          id: 2,
          timestamp: new Date('2026-01-15T09:30:00Z'),
          type: 'TaskStateEntered',
          stateEnteredEventDetails: { name: 'ChargePayment' },
        },
      ],
    });
    await expect(timelineFor('customer-1')).resolves.toMatchObject({
      status: 200,
      body: { entries: [{ at: '2026-01-15T09:30:00.000Z', kind: 'step', name: 'ChargePayment' }] },
    });
  });

  it('tells nothing yet of an order that has not started', async () => {
    const none = new ExecutionDoesNotExist({ $metadata: {}, message: 'none' });
    engine.on(GetExecutionHistoryCommand).rejects(none);
    await expect(timelineFor('customer-1')).resolves.toMatchObject({ status: 200, body: { entries: [] } });
  });

  it("tells nothing of another's order, and does not ask", async () => {
    await expect(timelineFor('customer-2')).resolves.toMatchObject({ status: 404 });
    expect(engine.calls()).toEqual([]);
  });
});
