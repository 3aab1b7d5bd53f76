import { QueryCommand, type QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import { documents } from '../runtime/dynamodb.ts';

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
  of: async (correlationId: string, orderId: string): Promise<LoggedEvent[]> => {
    const events: LoggedEvent[] = [];
    let from: QueryCommandOutput['LastEvaluatedKey'];
    do {
      const page: QueryCommandOutput = await documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'correlationId = :correlationId AND begins_with(eventId, :ofOrder)',
          ExpressionAttributeValues: { ':correlationId': correlationId, ':ofOrder': `${orderId}#` },
          ExclusiveStartKey: from,
        }),
      );
      events.push(...((page.Items ?? []) as LoggedEvent[]));
      from = page.LastEvaluatedKey;
    } while (from);
    return events;
  },
});
export type AuditLog = ReturnType<typeof auditLog>;
