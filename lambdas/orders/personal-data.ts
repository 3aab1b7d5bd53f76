import { transact } from '../runtime/transaction.ts';
import type { OrderRecord } from './order.ts';
import { type OrderTable, orderTable } from './order-table.ts';

/** What of an order tells who its customer is: in a table of its own, by `orderId`, and nowhere else that is ours. */
export interface PersonalData {
  readonly paymentMethod: string;
  readonly shippingAddress: Readonly<Record<string, string | undefined>>;
}

/** That an order's personal data is gone: written by `erase-order`. */
export interface Erasure {
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Who did it: the identity that the authorizer has checked. */
  readonly by: string;
}

interface Tables {
  readonly orders: string;
  readonly personalData: string;
}

/** The order has ended; or its data was erased before, and whatever it does now does without. */
const ERASABLE = [
  'attribute_exists(outcome)',
  'attribute_not_exists(openSince)',
  'attribute_not_exists(parkedAt)',
]
  .map((hasEnded) => `(attribute_exists(erased) OR ${hasEnded})`)
  .join(' AND ');

/** An order's record and its personal data: written together and parted together, so that neither is there by mistake. */
export const withPersonalData = (
  tables: Tables,
  orders: Pick<OrderTable, 'get'> = orderTable(tables.orders),
) => ({
  /** Writes the order unless it is there; answers what is there then, the earlier one where there was one. */
  putOnce: async (order: OrderRecord, personal: PersonalData): Promise<OrderRecord> => {
    const { orderId, correlationId } = order;
    const refused = await transact([
      {
        Put: {
          TableName: tables.orders,
          Item: order,
          ConditionExpression: 'attribute_not_exists(orderId)',
        },
      },
      { Put: { TableName: tables.personalData, Item: { orderId, correlationId, ...personal } } },
    ]);
    return refused.length === 0 ? order : ((await orders.get(orderId)) as OrderRecord);
  },

  /**
   * Erases the personal data of an order that has ended; once more, where a backup has brought it back. With it goes the
   * hash of the request, by which an address could be guessed: who repeats the request under its key is answered as
   * before, whatever the body.
   * @returns false where the order goes on, or waits: it may need the data yet
   */
  erase: async (orderId: string, erased: Erasure): Promise<boolean> => {
    const refused = await transact([
      {
        Update: {
          TableName: tables.orders,
          Key: { orderId },
          UpdateExpression: 'SET erased = if_not_exists(erased, :erased) REMOVE requestHash',
          ConditionExpression: ERASABLE,
          ExpressionAttributeValues: { ':erased': erased },
        },
      },
      { Delete: { TableName: tables.personalData, Key: { orderId } } },
    ]);
    return refused.length === 0;
  },
});
export type OrdersWithPersonalData = ReturnType<typeof withPersonalData>;
