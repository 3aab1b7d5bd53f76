import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { dynamodb } from '../../lambdas/runtime/dynamodb.ts';

/** The deliveries table as Powertools' idempotency uses it: claim, complete, give back. No claim expires here. */
export const deliveriesInMemory = () => {
  const calls = mockClient(dynamodb);
  const claims = new Map<string, NonNullable<PutItemCommandInput['Item']>>();
  calls.on(PutItemCommand).callsFake(async ({ Item }: PutItemCommandInput) => {
    const id = Item?.id?.S ?? '';
    const earlier = claims.get(id);
    if (earlier) {
      throw new ConditionalCheckFailedException({ $metadata: {}, message: 'claimed already', Item: earlier });
    }
    claims.set(id, { ...Item });
    return {};
  });
  calls.on(UpdateItemCommand).callsFake(async (input: UpdateItemCommandInput) => {
    const { Key, ExpressionAttributeValues: values } = input;
    const id = Key?.id?.S ?? '';
    const [status, expiration] = [values?.[':status'], values?.[':expiry']];
    if (!status || !expiration) throw new Error('a delivery is completed without status or expiry');
    claims.set(id, { ...claims.get(id), id: { S: id }, status, expiration });
    return {};
  });
  calls.on(DeleteItemCommand).callsFake(async ({ Key }: DeleteItemCommandInput) => {
    claims.delete(Key?.id?.S ?? '');
    return {};
  });
  return {
    calls,
    /** The status of each remembered delivery, and until when it is kept (seconds since 1970). */
    remembered: () =>
      [...claims.values()].map(({ status, expiration }) => ({
        status: status?.S,
        until: Number(expiration?.N),
      })),
  };
};
