import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { beforeEach, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { deadLetterQueue } from '../../../lambdas/runtime/dead-letter-queue.ts';

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

it('counts what waits, and what somebody has in hands', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: { ApproximateNumberOfMessages: '7', ApproximateNumberOfMessagesNotVisible: '2' },
  });
  expect(await queue.count()).toBe(9);
});

it('waits for what may be there: without, SQS asks some of its servers only', async () => {
  sqs.on(ReceiveMessageCommand).resolves({});
  await queue.take();
  expect(sqs.commandCalls(ReceiveMessageCommand)[0]?.args[0].input.WaitTimeSeconds).toBeGreaterThan(0);
});

it('looks at as many as it is asked to, and lets go of all that it has hidden', async () => {
  let next = 0;
  sqs.on(ReceiveMessageCommand).callsFake(async () => ({
    Messages: Array.from({ length: 10 }, () => {
      next += 1;
      return { Body: '{}', ReceiptHandle: `handle-${next}` };
    }),
  }));
  expect(await queue.peek(15)).toHaveLength(20);
  const released = sqs
    .commandCalls(ChangeMessageVisibilityBatchCommand)
    .flatMap(({ args: [{ input }] }) => input.Entries ?? []);
  expect(released.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(
    Array.from({ length: 20 }, (_, index) => `handle-${index + 1}`),
  );
  expect(new Set(released.map(({ VisibilityTimeout }) => VisibilityTimeout))).toEqual(new Set([0]));
  expect(sqs.commandCalls(DeleteMessageCommand)).toEqual([]);
});
