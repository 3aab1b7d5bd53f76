import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { FraudSuspected } from '../../../events/fraud-suspected.ts';
import { EventNotPublishedError, publisher } from '../../../lambdas/runtime/event-bus.ts';

const bus = mockClient(EventBridgeClient);
beforeEach(() => {
  bus.reset();
});
const publish = () => publisher('OrderBus')(FraudSuspected, FraudSuspected.example);

describe('the publisher', () => {
  it('puts the event on its bus, as one of ours', async () => {
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    await publish();
    const [entry, ...others] = bus.commandCall(0, PutEventsCommand).args[0].input.Entries ?? [];
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      EventBusName: 'OrderBus',
      Source: 'order-saga',
      DetailType: 'FraudSuspected',
    });
    expect(JSON.parse(entry?.Detail ?? '')).toEqual(FraudSuspected.example);
  });

  it('fails where the bus refuses the entry, though the call succeeded', async () => {
    bus
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] });
    const refused = publish();
    await expect(refused).rejects.toBeInstanceOf(EventNotPublishedError);
    await expect(refused).rejects.toThrow(
      `event ${FraudSuspected.example.metadata.eventId} was not taken by the bus: ThrottlingException`,
    );
  });

  it('passes on the failure of the call itself', async () => {
    bus.on(PutEventsCommand).rejects(new Error('bus away'));
    await expect(publish()).rejects.toThrow('bus away');
  });
});
