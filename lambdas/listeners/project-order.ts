import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { documents } from '../runtime/dynamodb.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type EventOf, listener } from '../runtime/listener.ts';
import { logger } from '../runtime/logger.ts';
import { closedAs, type Outcome } from '../runtime/outcome.ts';

/**
 * Keeps the read model: how each order ended, beside the order as it was placed. Events come in any order and more than
 * once: an order that has ended is not confirmed again, as it may be under cancellation, and CANCELLED is the last word.
 */
export const projectOrder =
  (table: string) =>
  async ({ type, metadata, data }: EventOf<typeof OrderConfirmed | typeof OrderCancelled>): Promise<void> => {
    const isConfirmed = type === 'OrderConfirmed';
    const outcome: Outcome = isConfirmed
      ? { status: 'CONFIRMED', endedAt: metadata.occurredAt }
      : { status: 'CANCELLED', endedAt: metadata.occurredAt, reason: data.reason };
    const { UpdateExpression, ExpressionAttributeValues } = closedAs(data.orderId, outcome);
    const isNews = isConfirmed
      ? 'attribute_not_exists(outcome)'
      : '(attribute_not_exists(outcome) OR outcome.#status <> :cancelled)';
    try {
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { orderId: data.orderId },
          UpdateExpression,
          // Without the first half an event of a deleted order would leave half a record.
          ConditionExpression: `attribute_exists(orderId) AND ${isNews}`,
          ...(!isConfirmed && { ExpressionAttributeNames: { '#status': 'status' } }),
          ExpressionAttributeValues: {
            ...ExpressionAttributeValues,
            ...(!isConfirmed && { ':cancelled': 'CANCELLED' }),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
    } catch (error) {
      const isKnown = error instanceof ConditionalCheckFailedException && error.Item;
      if (!isKnown) throw error;
      logger.info('outcome already known');
    }
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = listener([OrderConfirmed, OrderCancelled], projectOrder(ORDERS_TABLE));
