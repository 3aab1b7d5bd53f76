import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type DeadLetter, deadLetterIn } from './dead-letter.ts';

/** One client a function, kept between invocations. */
const sqs = new SQSClient({
  maxAttempts: 3,
  // The queue's URL names its place, but not that of an emulator.
  useQueueUrlAsEndpoint: false,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
});

/** What SQS gives at once. */
const BATCH = 10;
/** While one redrives it, nobody else sees a letter. */
const REDRIVEN_SECONDS = 60;
/** While one looks at it; should the look die, the letter is seen again then. */
const LOOKED_AT_SECONDS = 10;
/**
 * Without a wait SQS asks some of its servers only, and may answer that there is nothing where there is; and a letter
 * that somebody looks at is back within it.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/best-practices-setting-up-long-polling.html
 */
const WAIT_SECONDS = 1;

/** A dead letter in the hands of who gives it back. */
export interface TakenLetter {
  readonly event: unknown;
  /** It has been given back: off the queue. */
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
    /** About how many there are, those in somebody's hands among them: SQS does not know exactly. */
    count: async (): Promise<number> => {
      const AttributeNames = [
        'ApproximateNumberOfMessages' as const,
        'ApproximateNumberOfMessagesNotVisible' as const,
      ];
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return AttributeNames.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
    },

    /** Some of them, at most ten, which nobody else sees for a minute; none where there are none. */
    take: async (): Promise<TakenLetter[]> =>
      (await receive(REDRIVEN_SECONDS)).map((message) => ({
        event: deadLetterIn(message).event,
        remove: async () => {
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
        },
      })),

    /**
     * Looks at some of them, without taking them: each is hidden until all have been seen, as SQS would give the same
     * ones again, and then at once back in its place.
     * @param most or up to nine more: SQS gives ten at once
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
