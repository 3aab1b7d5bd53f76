import { beforeEach, describe, expect, it } from '@jest/globals';
import { FraudSuspected } from '../../../events/fraud-suspected.ts';
import { OrderCancelled } from '../../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { OrderKept } from '../../../events/order-kept.ts';
import { OrderNeedsAttention } from '../../../events/order-needs-attention.ts';
import { handler } from '../../../lambdas/listeners/log-event.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ AuditLog: 'eventId' });
  deliveriesInMemory(tables.calls);
});

describe('log-event', () => {
  it.each([
    ['OrderConfirmed', OrderConfirmed.example],
    ['OrderCancelled', OrderCancelled.example],
    ['OrderKept', OrderKept.example],
    ['OrderNeedsAttention', OrderNeedsAttention.example],
    ['FraudSuspected', FraudSuspected.example],
  ])('keeps %s with its order, and all that it says', async (type, detail) => {
    await handler({ 'detail-type': type, detail }, lambdaContext);
    expect(tables.rowsOf('AuditLog')).toEqual([
      { orderId: detail.data.orderId, ...detail.metadata, type, data: detail.data },
    ]);
  });

  it('keeps an event that is delivered again once', async () => {
    const event = { 'detail-type': 'OrderConfirmed', detail: OrderConfirmed.example };
    await handler(event, lambdaContext);
    await handler(event, lambdaContext);
    expect(tables.rowsOf('AuditLog')).toHaveLength(1);
  });
});
