import * as z from 'zod';
import { FraudSuspected } from '../../events/fraud-suspected.ts';
import { updateIf } from '../runtime/conditional-write.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type EventOf, listener } from '../runtime/listener.ts';
import { logger } from '../runtime/logger.ts';
import { UNCANCELLED } from '../runtime/outcome.ts';

/**
 * Marks the order for someone to look at; that does not stop it. A suspicion that comes after the cancellation marks
 * nothing, as there is nothing left to look at: it is in the audit log.
 */
export const flagForReview =
  (table: string) =>
  async ({ metadata, data }: EventOf<typeof FraudSuspected>): Promise<void> => {
    const write = await updateIf({
      TableName: table,
      Key: { orderId: data.orderId },
      UpdateExpression: 'SET review = :review',
      // Without the first half, an event about a deleted order would create half a record.
      ConditionExpression: `attribute_exists(orderId) AND ${UNCANCELLED.condition}`,
      ExpressionAttributeNames: UNCANCELLED.names,
      ExpressionAttributeValues: {
        ':review': { signals: data.signals, since: metadata.occurredAt },
        ...UNCANCELLED.values,
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    if (write.isWritten) return;
    if (!write.refusal.Item) throw write.refusal;
    logger.info('overtaken: the order is cancelled');
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = listener([FraudSuspected], flagForReview(ORDERS_TABLE));
