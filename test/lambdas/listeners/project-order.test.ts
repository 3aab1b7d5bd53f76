import { beforeEach, describe, expect, it } from '@jest/globals';
import { orderCancelledExample } from '../../../events/order-cancelled.ts';
import { orderConfirmedExample } from '../../../events/order-confirmed.ts';
import { handler } from '../../../lambdas/listeners/project-order.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const { orderId } = orderConfirmedExample.data;
const placed = { orderId, customerId: 'customer-17', totalCents: 2500 };

let tables: TablesInMemory;
let deliveries: ReturnType<typeof deliveriesInMemory>;
beforeEach(() => {
  deliveries = deliveriesInMemory();
  tables = tablesInMemory({ Orders: 'orderId' });
});

describe('project-order', () => {
  it.each([
    ['OrderConfirmed', orderConfirmedExample, { status: 'CONFIRMED' }],
    ['OrderCancelled', orderCancelledExample, { status: 'CANCELLED', reason: 'PaymentDeclinedError' }],
  ])('sets how the order ended by %s, beside the order as it was placed', async (type, detail, outcome) => {
    tables.seed('Orders', placed);
    await handler({ 'detail-type': type, detail }, lambdaContext);
    expect(tables.rowsOf('Orders')).toEqual([
      { ...placed, outcome: { ...outcome, endedAt: detail.metadata.occurredAt } },
    ]);
  });

  it('leaves no half a record of an order that is not there, and lets the delivery fail', async () => {
    const delivered = handler(
      { 'detail-type': 'OrderConfirmed', detail: orderConfirmedExample },
      lambdaContext,
    );
    await expect(delivered).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(tables.rowsOf('Orders')).toEqual([]);
    expect(deliveries.remembered()).toEqual([]);
  });
});
