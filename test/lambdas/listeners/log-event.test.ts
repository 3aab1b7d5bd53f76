import { beforeEach, describe, expect, it } from '@jest/globals';
import { fraudSuspectedExample } from '../../../events/fraud-suspected.ts';
import { orderCancelledExample } from '../../../events/order-cancelled.ts';
import { orderConfirmedExample } from '../../../events/order-confirmed.ts';
import { orderNeedsAttentionExample } from '../../../events/order-needs-attention.ts';
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
    ['OrderConfirmed', orderConfirmedExample],
    ['OrderCancelled', orderCancelledExample],
    ['OrderNeedsAttention', orderNeedsAttentionExample],
    ['FraudSuspected', fraudSuspectedExample],
  ])('keeps %s under its correlation id, with all that it says', async (type, detail) => {
    await handler({ 'detail-type': type, detail }, lambdaContext);
    expect(tables.rowsOf('AuditLog')).toEqual([{ ...detail.metadata, type, data: detail.data }]);
  });

  it('keeps an event that is delivered again once', async () => {
    const event = { 'detail-type': 'OrderConfirmed', detail: orderConfirmedExample };
    await handler(event, lambdaContext);
    await handler(event, lambdaContext);
    expect(tables.rowsOf('AuditLog')).toHaveLength(1);
  });
});
