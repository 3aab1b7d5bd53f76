import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { documents } from '../runtime/dynamodb.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type EventOf, listener } from '../runtime/listener.ts';

/** Keeps the read model: how each order ended, beside the order as it was placed. Setting it again changes nothing. */
export const projectOrder =
  (table: string) =>
  async ({ type, metadata, data }: EventOf<typeof OrderConfirmed | typeof OrderCancelled>): Promise<void> => {
    const outcome =
      type === 'OrderConfirmed'
        ? { status: 'CONFIRMED', endedAt: metadata.occurredAt }
        : { status: 'CANCELLED', endedAt: metadata.occurredAt, reason: data.reason };
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { orderId: data.orderId },
        UpdateExpression: 'SET outcome = :outcome',
        // Without it an event of a deleted order would leave half a record.
        ConditionExpression: 'attribute_exists(orderId)',
        ExpressionAttributeValues: { ':outcome': outcome },
      }),
    );
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = listener([OrderConfirmed, OrderCancelled], projectOrder(ORDERS_TABLE));
