import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '../runtime/dynamodb.ts';
import type { Mailer } from './mailer.ts';

/** A mailer for development: a mailbox table to look into, one mail an `eventId`. */
export const sandboxMailer = (table: string): Mailer => ({
  send: async (mail) => {
    await documents.send(new PutCommand({ TableName: table, Item: { ...mail } }));
  },
});
