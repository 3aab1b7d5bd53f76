import { setTimeout as delay } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { documents } from '../runtime/dynamodb.ts';
import { type OrderRecord, type OrderTable, orderTable } from './order.ts';

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

/** How often a transaction is begun that another one, or a throttle, stands in the way of. */
const TRIES = 5;

/** An order's record and its personal data: written together and parted together, so that neither is there by mistake. */
export const withPersonalData = (
  tables: Tables,
  orders: Pick<OrderTable, 'get'> = orderTable(tables.orders),
) => {
  /**
   * @returns whether the transaction went through; not, where the first condition does not hold
   * @throws TransactionCanceledException where others stand in its way again and again
   */
  const transact = async (
    items: TransactWriteCommandInput['TransactItems'],
    tries = TRIES,
  ): Promise<boolean> => {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: items }));
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      if (error.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed') return false;
      // A conflict with another transaction or a throttle, which the SDK does not repeat by itself:
      // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
      if (tries === 1) throw error;
      await delay(Math.random() * 50 * 2 ** (TRIES - tries));
      return transact(items, tries - 1);
    }
  };

  return {
    /** Writes the order unless it is there; answers what is there then, the earlier one where there was one. */
    putOnce: async (order: OrderRecord, personal: PersonalData): Promise<OrderRecord> => {
      const { orderId, correlationId } = order;
      const isNew = await transact([
        {
          Put: {
            TableName: tables.orders,
            Item: order,
            ConditionExpression: 'attribute_not_exists(orderId)',
          },
        },
        { Put: { TableName: tables.personalData, Item: { orderId, correlationId, ...personal } } },
      ]);
      return isNew ? order : ((await orders.get(orderId)) as OrderRecord);
    },

    /**
     * Erases the personal data of an order that has ended. With it goes the hash of the request, by which an address
     * could be guessed: who repeats the request under its key is answered as before, whatever the body.
     * @returns false where the order goes on, or waits: it may need the data yet; and where it was erased before
     */
    erase: (orderId: string, erased: Erasure): Promise<boolean> =>
      transact([
        {
          Update: {
            TableName: tables.orders,
            Key: { orderId },
            UpdateExpression: 'SET erased = :erased REMOVE requestHash',
            ConditionExpression:
              'attribute_not_exists(erased) AND attribute_exists(outcome) AND attribute_not_exists(openSince) AND attribute_not_exists(parkedAt)',
            ExpressionAttributeValues: { ':erased': erased },
          },
        },
        { Delete: { TableName: tables.personalData, Key: { orderId } } },
      ]),
  };
};
export type OrdersWithPersonalData = ReturnType<typeof withPersonalData>;
