import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { documents } from '../runtime/dynamodb.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type EventOf, listener } from '../runtime/listener.ts';
import { logger } from '../runtime/logger.ts';

/**
 * Keeps the read model: how each order ended, beside the order as it was placed. Setting it again changes nothing.
 * A confirmed order may be cancelled later, and events come in any order: CANCELLED is never set back.
 */
export const projectOrder =
  (table: string) =>
  async ({ type, metadata, data }: EventOf<typeof OrderConfirmed | typeof OrderCancelled>): Promise<void> => {
    const outcome =
      type === 'OrderConfirmed'
        ? { status: 'CONFIRMED', endedAt: metadata.occurredAt }
        : { status: 'CANCELLED', endedAt: metadata.occurredAt, reason: data.reason };
    try {
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { orderId: data.orderId },
          UpdateExpression: 'SET outcome = :outcome REMOVE openSince, parkedAt, parking',
          // Without the first half an event of a deleted order would leave half a record.
          ConditionExpression:
            'attribute_exists(orderId) AND (attribute_not_exists(outcome) OR outcome.#status <> :cancelled)',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':outcome': outcome, ':cancelled': 'CANCELLED' },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      logger.info('outcome already known');
    }
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = listener([OrderConfirmed, OrderCancelled], projectOrder(ORDERS_TABLE));
