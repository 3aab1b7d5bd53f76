import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { FraudSuspected } from '../../events/fraud-suspected.ts';
import { documents } from '../runtime/dynamodb.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type EventOf, listener } from '../runtime/listener.ts';

/** Marks the order for someone to look at. It goes its way all the same. */
export const flagForReview =
  (table: string) =>
  async ({ metadata, data }: EventOf<typeof FraudSuspected>): Promise<void> => {
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { orderId: data.orderId },
        UpdateExpression: 'SET review = :review',
        // Without it an event of a deleted order would leave half a record.
        ConditionExpression: 'attribute_exists(orderId)',
        ExpressionAttributeValues: { ':review': { signals: data.signals, since: metadata.occurredAt } },
      }),
    );
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = listener([FraudSuspected], flagForReview(ORDERS_TABLE));
