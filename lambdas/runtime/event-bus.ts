import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type Contract, type Detail, SOURCE } from '../../events/contract.ts';

/** One client per function instance, kept between invocations. */
export const eventBridge = new EventBridgeClient({
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
});

/** The bus did not take the event, though the call itself succeeded. */
export class EventNotPublishedError extends Error {
  override readonly name = 'EventNotPublishedError';
  constructor(eventId: string, code: string | undefined) {
    super(`event ${eventId} was not taken by the bus: ${code ?? 'no reason given'}`);
  }
}

/**
 * Publishes one event.
 * @throws EventNotPublishedError where the bus refuses the entry, to which PutEvents answers 200 all the same
 *   (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html)
 */
export const publisher =
  (busName: string) =>
  async <C extends Contract>(contract: C, detail: Detail<C>): Promise<void> => {
    const { FailedEntryCount, Entries } = await eventBridge.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: busName,
            Source: SOURCE,
            DetailType: contract.type,
            Detail: JSON.stringify(detail),
          },
        ],
      }),
    );
    if (FailedEntryCount) throw new EventNotPublishedError(detail.metadata.eventId, Entries?.[0]?.ErrorCode);
  };
