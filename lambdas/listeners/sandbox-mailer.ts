import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '../runtime/dynamodb.ts';
import type { Mailer } from './mailer.ts';

/**
 * A mailer for development: a mailbox table to look into, one mail an `eventId`, with how often it was sent, and when. The
 * address it forgets at once.
 */
export const sandboxMailer = (table: string): Mailer => ({
  send: async ({ eventId, to: _, ...mail }) => {
    const fields = Object.entries({ ...mail, sentAt: new Date().toISOString() });
    await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { eventId },
        UpdateExpression: `SET ${fields.map(([name]) => `#${name} = :${name}`).join(', ')} ADD sent :once`,
        ExpressionAttributeNames: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
          ':once': 1,
        },
      }),
    );
  },
});
