import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type DeadLetter, deadLetterIn } from './dead-letter.ts';

/** One client per function instance, kept between invocations. */
const sqs = new SQSClient({
  maxAttempts: 3,
  // The queue's URL says where it is on AWS, which is not where an emulator is.
  useQueueUrlAsEndpoint: false,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
});

/** The most messages that SQS gives in one call. */
const BATCH = 10;
/** For how long a letter is hidden from others while it is redriven. */
const REDRIVEN_SECONDS = 60;
/** For how long it is hidden while somebody looks at it; if the look dies, it is seen again after that. */
const LOOKED_AT_SECONDS = 10;
/**
 * Without a wait SQS asks only some of its servers, and may find nothing where there is something. A letter that somebody
 * else is looking at is back before the wait is over.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/best-practices-setting-up-long-polling.html
 */
const WAIT_SECONDS = 1;

/** A dead letter that is being redriven, and hidden from others meanwhile. */
export interface TakenLetter {
  readonly event: unknown;
  /** Deletes it from the queue: its event has been given back. */
  readonly remove: () => Promise<void>;
}

/** A listener's dead letters, by its queue's URL. */
export const deadLetterQueue = (QueueUrl: string) => {
  const receive = async (seconds: number): Promise<Message[]> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: seconds,
        WaitTimeSeconds: WAIT_SECONDS,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp'],
      }),
    );
    return Messages;
  };

  const release = async (messages: readonly Message[]): Promise<void> => {
    const Entries = messages.map(({ ReceiptHandle }, index) => ({
      Id: `${index}`,
      ReceiptHandle,
      VisibilityTimeout: 0,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  };

  return {
    /** About how many there are, including hidden ones: SQS does not know exactly. */
    count: async (): Promise<number> => {
      const AttributeNames = [
        'ApproximateNumberOfMessages' as const,
        'ApproximateNumberOfMessagesNotVisible' as const,
      ];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return AttributeNames.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
    },

    /** Some of them, at most ten, hidden from others for a minute; an empty list where there are none. */
    take: async (): Promise<TakenLetter[]> =>
      (await receive(REDRIVEN_SECONDS)).map((message) => ({
        event: deadLetterIn(message).event,
        remove: async () => {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
        },
      })),

    /**
     * Looks at some of them without taking them. Each is hidden until the look is over, because SQS would otherwise give
     * the same ones again, and is then visible at once.
     * @param most how many; up to nine more may come, as SQS gives ten at a time
     */
    peek: async (most: number): Promise<DeadLetter[]> => {
      const seen: Message[] = [];
      let batch: Message[];
      do {
        batch = await receive(LOOKED_AT_SECONDS);
        seen.push(...batch);
      } while (batch.length > 0 && seen.length < most);
      for (let first = 0; first < seen.length; first += BATCH)
        await release(seen.slice(first, first + BATCH));
      return seen.map(deadLetterIn);
    },
  };
};
export type DeadLetterQueue = ReturnType<typeof deadLetterQueue>;
