import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '../runtime/dynamodb.ts';

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  /** Minor units (cents) of the order's currency, for one piece. */
  readonly unitPriceCents: number;
}

/** An order as it was placed: written once, before its workflow starts, and what the workflow is started with. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly correlationId: string;
  readonly items: readonly OrderLine[];
  readonly totalCents: number;
  readonly currency: string;
  readonly paymentMethod: string;
  readonly shippingAddress: Readonly<Record<string, string>>;
  /** RFC 3339, UTC. */
  readonly placedAt: string;
}

/** How the order ended: written by the listener `project-order`, absent while the workflow runs. */
export interface Outcome {
  readonly status: 'CONFIRMED' | 'CANCELLED';
  /** RFC 3339, UTC. */
  readonly endedAt: string;
  /** The name of the error that came first. */
  readonly reason?: string;
}

export interface OrderRecord extends PlacedOrder {
  /** Tells the same request from another one under the same idempotency key. */
  readonly requestHash: string;
  readonly outcome?: Outcome;
}

/** A page of a customer's orders and the cursor of the next one. */
export interface OrderPage {
  readonly orders: readonly OrderRecord[];
  readonly next?: Readonly<Record<string, unknown>>;
}

/** The orders table: `orderId`, and the index `byCustomer` on `customerId` and `placedAt`. */
export const orderTable = (table: string) => ({
  /** Writes the order unless it is there; answers what is there then, the earlier one where there was one. */
  putOnce: async (order: OrderRecord): Promise<OrderRecord> => {
    try {
      await documents.send(
        new PutCommand({
          TableName: table,
          Item: order,
          ConditionExpression: 'attribute_not_exists(orderId)',
        }),
      );
      return order;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const { Item } = await documents.send(
        new GetCommand({ TableName: table, Key: { orderId: order.orderId }, ConsistentRead: true }),
      );
      return Item as OrderRecord;
    }
  },

  /** Consistent: an order that has just been answered for is there. */
  get: async (orderId: string): Promise<OrderRecord | undefined> => {
    const { Item } = await documents.send(
      new GetCommand({ TableName: table, Key: { orderId }, ConsistentRead: true }),
    );
    return Item as OrderRecord | undefined;
  },

  /** Newest first. */
  ofCustomer: async (customerId: string, limit: number, from: OrderPage['next']): Promise<OrderPage> => {
    const { Items, LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customerId = :customerId',
        ExpressionAttributeValues: { ':customerId': customerId },
        ScanIndexForward: false,
        Limit: limit,
        ExclusiveStartKey: from,
      }),
    );
    return { orders: (Items ?? []) as OrderRecord[], ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
  },
});
export type OrderTable = ReturnType<typeof orderTable>;
