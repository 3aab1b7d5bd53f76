import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { updateIf } from './conditional-write.ts';
import { documents } from './dynamodb.ts';

/** The book that a sandbox keeps as the outside would: rows by their `key`, each with a `status` that is mostly PREPARED at first. */
export const sandboxBook = (table: string, key: string) => ({
  add: async (row: object): Promise<void> => {
    await documents.send(new PutCommand({ TableName: table, Item: row }));
  },
  /**
   * Changes a row.
   * @param condition of `#status`, which may be `:prepared`
   * @returns as `updateIf`; refused, with the row as it is
   */
  change: (id: string, update: string, condition: string, values: object) =>
    updateIf({
      TableName: table,
      Key: { [key]: id },
      UpdateExpression: update,
      ConditionExpression: condition,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':prepared': 'PREPARED', ...values },
    }),
});
