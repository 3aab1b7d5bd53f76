import { itemByKey } from '../runtime/dynamodb.ts';
import type { OrderRecord } from './order.ts';
import { orderChanges } from './order-changes.ts';
import { orderLists } from './order-lists.ts';

/** The orders table: `orderId`, the indexes `byCustomer` and `byTime` on `customerId` or `shard` and `placedAt`, and the sparse ones `open` and `parked`. */
export const orderTable = (table: string) => ({
  /** Consistent: it finds an order whose placement has just been answered. */
  get: (orderId: string): Promise<OrderRecord | undefined> => itemByKey(table, { orderId }),

  ...orderLists(table),
  ...orderChanges(table),
});
export type OrderTable = ReturnType<typeof orderTable>;
