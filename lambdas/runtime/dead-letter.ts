import type { Message } from '@aws-sdk/client-sqs';

/** An event that could not be delivered, and why. */
export interface DeadLetter {
  readonly event: unknown;
  /** Of which order, which event: absent where what lies in the queue is no event of ours. */
  readonly orderId?: string;
  readonly eventId?: string;
  /** The event's `detail-type`. */
  readonly type?: string;
  /** The name of the last attempt's error; or of what kept the event from the function. */
  readonly error: string;
  readonly message?: string;
  /** Since when it lies there; RFC 3339, UTC. */
  readonly since: string;
}

/** As far as a letter is read. */
interface OurEvent {
  readonly 'detail-type'?: string;
  readonly detail?: {
    readonly metadata?: { readonly eventId?: string };
    readonly data?: { readonly orderId?: string };
  };
}

/**
 * Lambda's record of an invocation that it has given up; `responsePayload` is absent where the function never ran.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
interface InvocationRecord {
  readonly requestPayload?: unknown;
  /** `RetriesExhausted`, `EventAgeExceeded`, ... */
  readonly requestContext?: { readonly condition?: string };
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string };
}

const UNKNOWN = 'Unknown';

/** Whoever has put something else into the queue does not hide the letters beside it. */
const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/** By EventBridge, which leaves the event as it is: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html */
const whyOfEventBridge = ({ MessageAttributes: attributes = {} }: Message) => ({
  error: attributes.ERROR_CODE?.StringValue ?? attributes.EXHAUSTED_RETRY_CONDITION?.StringValue ?? UNKNOWN,
  message: attributes.ERROR_MESSAGE?.StringValue,
});

const whyOfLambda = ({ requestContext, responsePayload }: InvocationRecord) => ({
  error: responsePayload?.errorType ?? requestContext?.condition ?? UNKNOWN,
  message: responsePayload?.errorMessage,
});

/** A message of a listener's dead-letter queue: an event as it was, or within Lambda's record of its invocation. */
export const deadLetterIn = (letter: Message): DeadLetter => {
  const body = parsed(letter.Body ?? '');
  const record = body as InvocationRecord | null;
  const isRecord = record?.requestPayload !== undefined;
  const event = isRecord ? record.requestPayload : body;
  const { 'detail-type': type, detail } = (event ?? {}) as OurEvent;
  const orderId = detail?.data?.orderId;
  const eventId = detail?.metadata?.eventId;
  const { error, message } = isRecord ? whyOfLambda(record) : whyOfEventBridge(letter);
  return {
    event,
    ...(orderId && { orderId }),
    ...(eventId && { eventId }),
    ...(type && { type }),
    error,
    ...(message && { message }),
    since: new Date(Number(letter.Attributes?.SentTimestamp ?? 0)).toISOString(),
  };
};
