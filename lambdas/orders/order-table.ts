import { itemByKey } from '../runtime/dynamodb.ts';
import type { OrderRecord } from './order.ts';
import { orderChanges } from './order-changes.ts';
import { orderLists } from './order-lists.ts';

/**
 * The orders table: key `orderId`; indexes `byCustomer` (`customerId`, `placedAt`) and `byTime` (`shard`, `placedAt`),
 * and the sparse ones `open` and `parked`.
 */
export const orderTable = (table: string) => ({
  /** A consistent read: it finds an order that has only just been placed. */
  get: (orderId: string): Promise<OrderRecord | undefined> => itemByKey(table, { orderId }),

  ...orderLists(table),
  ...orderChanges(table),
});
export type OrderTable = ReturnType<typeof orderTable>;
