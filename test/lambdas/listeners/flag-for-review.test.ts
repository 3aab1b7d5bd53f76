import { beforeEach, expect, it } from '@jest/globals';
import { FraudSuspected } from '../../../events/fraud-suspected.ts';
import { handler } from '../../../lambdas/listeners/flag-for-review.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const { metadata, data } = FraudSuspected.example;
const suspect = () =>
  handler({ 'detail-type': 'FraudSuspected', detail: FraudSuspected.example }, lambdaContext);

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Orders: 'orderId' });
  deliveriesInMemory(tables.calls);
});

it('marks the order with what was suspected, and when', async () => {
  tables.seed('Orders', { orderId: data.orderId });
  await suspect();
  expect(tables.row('Orders', data.orderId)).toEqual({
    orderId: data.orderId,
    review: { signals: data.signals, since: metadata.occurredAt },
  });
});

it('leaves a cancelled order alone, where the suspicion comes late', async () => {
  const cancelled = { orderId: data.orderId, outcome: { status: 'CANCELLED' } };
  tables.seed('Orders', cancelled);
  await suspect();
  expect(tables.rowsOf('Orders')).toEqual([cancelled]);
});

it('leaves no half a record of an order that is not there', async () => {
  await expect(suspect()).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
  expect(tables.rowsOf('Orders')).toEqual([]);
});
