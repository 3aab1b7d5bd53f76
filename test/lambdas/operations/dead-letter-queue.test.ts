import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { deadLetterQueue } from '../../../lambdas/operations/dead-letter-queue.ts';

const sqs = mockClient(SQSClient);
const queue = deadLetterQueue('https://queue');
beforeEach(() => {
  sqs.reset();
});

it('finds the event in Lambda’s record of an invocation, and as EventBridge leaves it', async () => {
  const event = { 'detail-type': 'OrderConfirmed', detail: {} };
  sqs.on(ReceiveMessageCommand).resolves({
    Messages: [
      {
        Body: JSON.stringify({ version: '1.0', requestPayload: event, responsePayload: {} }),
        ReceiptHandle: 'a',
      },
      { Body: JSON.stringify(event), ReceiptHandle: 'b' },
    ],
  });
  const letters = await queue.take();
  expect(letters.map((letter) => letter.event)).toEqual([event, event]);
  await letters[1]?.remove();
  expect(sqs.commandCalls(DeleteMessageCommand)[0]?.args[0].input).toEqual({
    QueueUrl: 'https://queue',
    ReceiptHandle: 'b',
  });
});

it('is empty where SQS names no messages', async () => {
  sqs.on(ReceiveMessageCommand).resolves({});
  expect(await queue.take()).toEqual([]);
});

it('counts what waits', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: '7' } });
  expect(await queue.count()).toBe(7);
});
