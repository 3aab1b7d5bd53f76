import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { mockClient } from 'aws-sdk-client-mock';

/** EventBridge behind the functions' own client: it takes everything, and remembers it. */
export const busInMemory = () => {
  const calls = mockClient(EventBridgeClient);
  calls.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  return {
    /** The client's stub: every call that was made; further answers can be set on it. */
    calls,
    published: () =>
      calls
        .commandCalls(PutEventsCommand)
        .flatMap(({ args: [{ input }] }) => input.Entries ?? [])
        .map(({ EventBusName: bus, DetailType: type = '', Detail }) => ({
          bus,
          type,
          detail: JSON.parse(Detail ?? ''),
        })),
  };
};
export type BusInMemory = ReturnType<typeof busInMemory>;
