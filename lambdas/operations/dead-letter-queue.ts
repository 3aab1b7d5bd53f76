import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** One client a function, kept between invocations. */
const sqs = new SQSClient({
  maxAttempts: 3,
  // The queue's URL names its place, but not that of an emulator.
  useQueueUrlAsEndpoint: false,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
});

/** While one redrives it, nobody else sees a letter. */
const VISIBILITY_SECONDS = 60;

/** An event that could not be delivered. */
export interface DeadLetter {
  readonly event: unknown;
  /** It has been given back: off the queue. */
  readonly remove: () => Promise<void>;
}

/**
 * The event in a message: as it is where EventBridge could not hand it over, within a record of the invocation where the
 * function failed.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const eventIn = (body: string): unknown => {
  const message = JSON.parse(body) as { requestPayload?: unknown };
  return message.requestPayload ?? message;
};

/** A listener's dead letters, by its queue's URL. */
export const deadLetterQueue = (QueueUrl: string) => ({
  /** About how many there are: SQS does not know exactly. */
  count: async (): Promise<number> => {
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  },
  /** Some of them, at most ten; none where there are none. */
  take: async (): Promise<DeadLetter[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: VISIBILITY_SECONDS }),
    );
    return Messages.map(({ Body = '{}', ReceiptHandle }) => ({
      event: eventIn(Body),
      remove: async () => {
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      },
    }));
  },
});
export type DeadLetterQueue = ReturnType<typeof deadLetterQueue>;
