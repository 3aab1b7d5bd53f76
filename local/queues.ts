import { createHash, randomUUID } from 'node:crypto';
import { AwsError, notEmulated } from './aws-error.ts';
import type { Resource } from './template.ts';

interface Message {
  readonly id: string;
  readonly body: string;
  /** ms since 1970 from which it can be received. */
  visibleFrom: number;
}

interface Queue {
  readonly arn: string;
  readonly url: string;
  messages: Message[];
}

/** SQS in this process: the template's queues, as far as dead letters need them. */
export const queues = (resources: readonly Resource[]) => {
  const all: Queue[] = resources
    .filter(({ type }) => type === 'AWS::SQS::Queue')
    .map(({ arn, ref }) => ({ arn, url: ref, messages: [] }));

  const byUrl = (url: unknown): Queue => {
    const found = all.find((queue) => queue.url === url);
    if (!found) throw new AwsError('QueueDoesNotExist', `there is no queue ${url}`);
    return found;
  };

  const visible = ({ messages }: Queue) => messages.filter(({ visibleFrom }) => visibleFrom <= Date.now());

  const operations: Readonly<
    Record<string, (queue: Queue, request: Readonly<Record<string, unknown>>) => object>
  > = {
    ReceiveMessage: (queue, { MaxNumberOfMessages = 1, VisibilityTimeout = 30 }) => ({
      Messages: visible(queue)
        .slice(0, Number(MaxNumberOfMessages))
        .map((message) => {
          message.visibleFrom = Date.now() + Number(VisibilityTimeout) * 1_000;
          return {
            MessageId: message.id,
            ReceiptHandle: message.id,
            Body: message.body,
            // The SDK checks it.
            MD5OfBody: createHash('md5').update(message.body).digest('hex'),
          };
        }),
    }),
    DeleteMessage: (queue, { ReceiptHandle }) => {
      queue.messages = queue.messages.filter(({ id }) => id !== ReceiptHandle);
      return {};
    },
    GetQueueAttributes: (queue) => ({
      Attributes: { ApproximateNumberOfMessages: `${visible(queue).length}` },
    }),
  };

  return {
    send: (arn: string, body: object): void => {
      const queue = all.find((each) => each.arn === arn);
      queue?.messages.push({ id: randomUUID(), body: JSON.stringify(body), visibleFrom: 0 });
    },
    /** The bodies of all messages, by the queue's ARN, hidden ones too. */
    bodies: (): { readonly queueArn: string; readonly body: unknown }[] =>
      all.flatMap(({ arn, messages }) =>
        messages.map(({ body }) => ({ queueArn: arn, body: JSON.parse(body) as unknown })),
      ),
    /**
     * One call of the API. @param authorize throws where the caller may not
     * @throws AwsError QueueDoesNotExist, NotEmulated
     */
    call: (
      operation: string,
      request: Readonly<Record<string, unknown>>,
      authorize: (queueArn: string) => void,
    ): object => {
      const serve = operations[operation];
      if (!serve) throw notEmulated(`sqs:${operation}`);
      const queue = byUrl(request.QueueUrl);
      authorize(queue.arn);
      return serve(queue, request);
    },
  };
};
export type Queues = ReturnType<typeof queues>;
