import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { documents } from '../../lambdas/runtime/dynamodb.ts';

interface Row {
  readonly delivery: string;
  readonly status: string;
  readonly attempts: number;
  readonly heldUntil?: number;
  readonly error?: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/**
 * The deliveries table as the listeners' boundary uses it: claim, done, failed. That its expressions say so is tested on
 * the local stack.
 * @param calls the client's stub, where other tables are behind it too
 */
export const deliveriesInMemory = (calls: ReturnType<typeof mockClient> = mockClient(documents)) => {
  const rows = new Map<string, Row>();
  calls.on(UpdateCommand, { TableName: 'Deliveries' }).callsFake(async (input: UpdateCommandInput) => {
    const { Key, ConditionExpression, ExpressionAttributeValues: values = {} } = input;
    const key = `${Key?.orderId}/${Key?.delivery}`;
    const row = rows.get(key);
    if (':started' in values) {
      const isHeld = row?.status === 'STARTED' && Number(row.heldUntil) >= values[':now'];
      if (row?.status === 'DONE' || isHeld) {
        const Item = { status: { S: row.status } };
        throw new ConditionalCheckFailedException({ $metadata: {}, message: 'claimed already', Item });
      }
      const attempts = (row?.attempts ?? 0) + 1;
      rows.set(key, {
        delivery: String(Key?.delivery),
        status: 'STARTED',
        attempts,
        heldUntil: values[':heldUntil'],
        expiresAt: values[':expiresAt'],
      });
      return { Attributes: { attempts } };
    }
    if (!row) throw new Error(`${key} was never claimed`);
    if (ConditionExpression && values[':ours'] !== row.attempts)
      throw new ConditionalCheckFailedException({ $metadata: {}, message: 'another attempt has begun' });
    const { heldUntil: _, ...rest } = row;
    rows.set(key, {
      ...rest,
      status: values[':done'] ?? values[':failed'],
      ...(values[':error'] && { error: values[':error'] }),
    });
    return {};
  });
  return {
    remembered: () => [...rows.values()],
    /** The table has lost what it knew. */
    forget: () => rows.clear(),
    /** The function that holds the claim has died, and its time has passed. */
    letClaimsRunOut: () => {
      for (const [key, row] of rows) rows.set(key, { ...row, heldUntil: 0 });
    },
  };
};
