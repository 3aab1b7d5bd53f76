import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { putIf, updateIf } from '../../../lambdas/runtime/conditional-write.ts';

const table = mockClient(DynamoDBDocumentClient);
beforeEach(() => {
  table.reset();
});

const put = { TableName: 'Stock', Item: { sku: 'MUG' }, ConditionExpression: 'attribute_not_exists(sku)' };
const update = { TableName: 'Stock', Key: { sku: 'MUG' }, ConditionExpression: 'available > :none' };

it('hands back what the write asks to be returned', async () => {
  table
    .on(PutCommand)
    .resolves({})
    .on(UpdateCommand)
    .resolves({ Attributes: { available: 3 } });
  await expect(putIf(put)).resolves.toEqual({ isWritten: true, attributes: {} });
  await expect(updateIf(update)).resolves.toEqual({ isWritten: true, attributes: { available: 3 } });
  expect(table.calls().map(({ args: [{ input }] }) => input)).toEqual([put, update]);
});

it('hands back the refusal where the condition does not hold', async () => {
  const refusal = new ConditionalCheckFailedException({
    $metadata: {},
    message: 'The conditional request failed',
    Item: { sku: { S: 'MUG' } },
  });
  table.on(PutCommand).rejects(refusal).on(UpdateCommand).rejects(refusal);
  for (const write of [putIf(put), updateIf(update)])
    await expect(write).resolves.toEqual({ isWritten: false, refusal });
});

it('throws what is no refusal: whether it was written is not known', async () => {
  const lost = new Error('socket hang up');
  table.on(PutCommand).rejects(lost).on(UpdateCommand).rejects(lost);
  for (const write of [putIf(put), updateIf(update)]) await expect(write).rejects.toBe(lost);
});
