import { transact } from '../runtime/transaction.ts';
import type { OrderRecord } from './order.ts';
import { type OrderTable, orderTable } from './order-table.ts';

/**
 * The part of an order that identifies its customer. It lies in a table of its own, by `orderId`, and nowhere else on
 * our side.
 */
export interface PersonalData {
  readonly paymentMethod: string;
  readonly shippingAddress: Readonly<Record<string, string | undefined>>;
  /** Where mail about the order goes, if anybody has said so. */
  readonly email?: string | undefined;
}

/** That an order's personal data was erased; written by `erase-order`. */
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

/** The order has ended, or its data was erased before: then whatever it still does can do without it. */
const ERASABLE = [
  'attribute_exists(outcome)',
  'attribute_not_exists(openSince)',
  'attribute_not_exists(parkedAt)',
]
  .map((hasEnded) => `(attribute_exists(erased) OR ${hasEnded})`)
  .join(' AND ');

/**
 * An order's record and its personal data: written in one transaction and erased in one, so that neither exists without
 * the other by mistake.
 */
export const withPersonalData = (
  tables: Tables,
  orders: Pick<OrderTable, 'get'> = orderTable(tables.orders),
) => ({
  /** Writes the order unless it exists. @returns the order that exists then */
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
   * Erases the personal data of an order that has ended, also a second time, should a backup have brought it back. The
   * hash of the request goes too, as an address could be guessed from it; after that, a repeat under the same key gets
   * the same answer whatever its body.
   * @returns false if the order is under way or parked: it may still need the data
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
