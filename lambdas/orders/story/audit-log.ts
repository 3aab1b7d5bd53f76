import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { allItems, documents } from '../../runtime/dynamodb.ts';

/** An event as the listener `log-event` has kept it. */
export interface LoggedEvent {
  readonly eventId: string;
  /** The event's `detail-type`. */
  readonly type: string;
  /** RFC 3339, UTC. */
  readonly occurredAt: string;
  /** The event by which it was caused. */
  readonly causationId?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The audit log: `orderId`, and `eventId` within it. */
export const auditLog = (table: string) => ({
  of: (orderId: string): Promise<LoggedEvent[]> =>
    allItems((ExclusiveStartKey) =>
      documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'orderId = :orderId',
          ExpressionAttributeValues: { ':orderId': orderId },
          ExclusiveStartKey,
        }),
      ),
    ),
});
export type AuditLog = ReturnType<typeof auditLog>;
