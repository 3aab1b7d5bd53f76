import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Journal } from '../../journal.ts';
import type { Resource } from '../../template.ts';
import { AwsError, notEmulated } from '../aws-error.ts';

/** What is on record of a message. That it was received is not, so it can be received again after a restart. */
type Sent = Pick<Message, 'body' | 'sentAt'> & { readonly queueArn: string };

interface Message {
  readonly id: string;
  readonly body: string;
  /** ms since 1970. */
  readonly sentAt: number;
  /** The receipt of its last delivery; an older one is no longer valid. */
  receipt: string;
  /** ms since 1970 from which it can be received. */
  visibleFrom: number;
}

interface Queue {
  readonly arn: string;
  readonly url: string;
  messages: Message[];
}

/** SQS in this process: the template's queues, as far as dead letters need them. */
export const queues = (resources: readonly Resource[], journal: Journal) => {
  const shelf = journal.shelf<Sent>('messages');
  const all: Queue[] = resources
    .filter(({ type }) => type === 'AWS::SQS::Queue')
    .map(({ arn, ref }) => ({
      arn,
      url: ref,
      messages: shelf.found
        .filter(([, { queueArn }]) => queueArn === arn)
        .map(([id, { body, sentAt }]) => ({ id, body, sentAt, receipt: id, visibleFrom: 0 })),
    }));

  const byUrl = (url: unknown): Queue => {
    const found = all.find((queue) => queue.url === url);
    if (!found) throw new AwsError('QueueDoesNotExist', `there is no queue ${url}`);
    return found;
  };

  const visible = ({ messages }: Queue) => messages.filter(({ visibleFrom }) => visibleFrom <= Date.now());

  /** A long poll: it answers at once if there is something. */
  const awaited = async (queue: Queue, seconds: number): Promise<Message[]> => {
    const until = Date.now() + seconds * 1_000;
    while (visible(queue).length === 0 && Date.now() < until) await delay(20);
    return visible(queue);
  };

  const operations: Readonly<
    Record<string, (queue: Queue, request: Readonly<Record<string, unknown>>) => object | Promise<object>>
  > = {
    ReceiveMessage: async (queue, request) => {
      const { MaxNumberOfMessages = 1, VisibilityTimeout = 30, WaitTimeSeconds = 0 } = request;
      const asked = (request.MessageSystemAttributeNames ?? []) as string[];
      return {
        Messages: (await awaited(queue, Number(WaitTimeSeconds)))
          .slice(0, Number(MaxNumberOfMessages))
          .map((message) => {
            message.visibleFrom = Date.now() + Number(VisibilityTimeout) * 1_000;
            message.receipt = randomUUID();
            return {
              MessageId: message.id,
              ReceiptHandle: message.receipt,
              Body: message.body,
              ...(asked.includes('SentTimestamp') && { Attributes: { SentTimestamp: `${message.sentAt}` } }),
              // The SDK checks it.
              MD5OfBody: createHash('md5').update(message.body).digest('hex'),
            };
          }),
      };
    },
    DeleteMessage: (queue, { ReceiptHandle }) => {
      for (const { id, receipt } of queue.messages) if (receipt === ReceiptHandle) shelf.remove(id);
      queue.messages = queue.messages.filter(({ receipt }) => receipt !== ReceiptHandle);
      return {};
    },
    ChangeMessageVisibilityBatch: (queue, { Entries }) => {
      const entries = Entries as { Id: string; ReceiptHandle: string; VisibilityTimeout: number }[];
      const changed = entries.map(({ Id, ReceiptHandle, VisibilityTimeout }) => {
        const message = queue.messages.find(({ receipt }) => receipt === ReceiptHandle);
        if (message) message.visibleFrom = Date.now() + VisibilityTimeout * 1_000;
        return { Id, isKnown: message !== undefined };
      });
      return {
        Successful: changed.filter(({ isKnown }) => isKnown).map(({ Id }) => ({ Id })),
        Failed: changed
          .filter(({ isKnown }) => !isKnown)
          .map(({ Id }) => ({ Id, Code: 'ReceiptHandleIsInvalid', SenderFault: true })),
      };
    },
    GetQueueAttributes: (queue, { AttributeNames = [] }) => {
      const seen = visible(queue).length;
      const counts: Readonly<Record<string, number>> = {
        ApproximateNumberOfMessages: seen,
        ApproximateNumberOfMessagesNotVisible: queue.messages.length - seen,
      };
      const names = AttributeNames as string[];
      return { Attributes: Object.fromEntries(names.map((name) => [name, `${counts[name] ?? 0}`])) };
    },
  };

  return {
    send: (arn: string, body: object): void => {
      const queue = all.find((each) => each.arn === arn);
      if (!queue) return;
      const id = randomUUID();
      const sent = { body: JSON.stringify(body), sentAt: Date.now() };
      shelf.put(id, { queueArn: arn, ...sent });
      queue.messages.push({ id, ...sent, receipt: id, visibleFrom: 0 });
    },
    /** The bodies of all messages, hidden ones too, by the queue's ARN. */
    bodies: (): { readonly queueArn: string; readonly body: unknown }[] =>
      all.flatMap(({ arn, messages }) =>
        messages.map(({ body }) => ({ queueArn: arn, body: JSON.parse(body) as unknown })),
      ),
    /**
     * One call of the API.
     * @param authorize throws if the caller may not
     * @throws AwsError QueueDoesNotExist, NotEmulated
     */
    call: (
      operation: string,
      request: Readonly<Record<string, unknown>>,
      authorize: (action: string, queueArn: string) => void,
    ): object | Promise<object> => {
      const serve = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (!serve) throw notEmulated(`sqs:${operation}`);
      const queue = byUrl(request.QueueUrl);
      // Who may do the parts of a batch may do the batch.
      authorize(`sqs:${operation.replace(/Batch$/, '')}`, queue.arn);
      return serve(queue, request);
    },
  };
};
export type Queues = ReturnType<typeof queues>;
