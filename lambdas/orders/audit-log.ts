import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { allItems, documents } from '../runtime/dynamodb.ts';

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

/** The audit log: `correlationId`, and `eventId` within it. */
export const auditLog = (table: string) => ({
  /** The events of an order: those under its correlation id that are named by it, as other orders may share the id. */
  of: (correlationId: string, orderId: string): Promise<LoggedEvent[]> =>
    allItems((ExclusiveStartKey) =>
      documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'correlationId = :correlationId AND begins_with(eventId, :ofOrder)',
          ExpressionAttributeValues: { ':correlationId': correlationId, ':ofOrder': `${orderId}#` },
          ExclusiveStartKey,
        }),
      ),
    ),
});
export type AuditLog = ReturnType<typeof auditLog>;
