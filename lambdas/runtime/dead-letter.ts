import type { Message } from '@aws-sdk/client-sqs';

/** An event that could not be delivered, and why. */
export interface DeadLetter {
  readonly event: unknown;
  /** The order and the event; absent where the message is no event of ours. */
  readonly orderId?: string;
  readonly eventId?: string;
  /** The event's `detail-type`. */
  readonly type?: string;
  /** The error name of the last attempt, or the reason why the event never reached the function. */
  readonly error: string;
  readonly message?: string;
  /** When it came into the queue; RFC 3339, UTC. */
  readonly since: string;
}

/** The parts of an event that are read here. */
interface OurEvent {
  readonly 'detail-type'?: string;
  readonly detail?: {
    readonly metadata?: { readonly eventId?: string };
    readonly data?: { readonly orderId?: string };
  };
}

/**
 * Lambda's record of an invocation that it has given up on; `responsePayload` is absent where the function never ran.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
interface InvocationRecord {
  readonly requestPayload?: unknown;
  /** `RetriesExhausted`, `EventAgeExceeded`, ... */
  readonly requestContext?: { readonly condition?: string };
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string };
}

const UNKNOWN = 'Unknown';

/** A message that is no letter must not hide the letters beside it. */
const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/** From EventBridge, which leaves the event as it is: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html */
const whyOfEventBridge = ({ MessageAttributes: attributes = {} }: Message) => ({
  error: attributes.ERROR_CODE?.StringValue ?? attributes.EXHAUSTED_RETRY_CONDITION?.StringValue ?? UNKNOWN,
  message: attributes.ERROR_MESSAGE?.StringValue,
});

const whyOfLambda = ({ requestContext, responsePayload }: InvocationRecord) => ({
  error: responsePayload?.errorType ?? requestContext?.condition ?? UNKNOWN,
  message: responsePayload?.errorMessage,
});

/**
 * Reads a message of a listener's dead-letter queue: the bare event, or the event within Lambda's record of the
 * invocation.
 */
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
