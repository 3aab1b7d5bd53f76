import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { FraudSuspected } from '../../../events/fraud-suspected.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { assessFraud, handler } from '../../../lambdas/listeners/assess-fraud.ts';
import { schemaErrors } from '../../contracts/schema-errors.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';

const publish = jest.fn<Parameters<typeof assessFraud>[0]['publish']>();
const assess = assessFraud({ publish, thresholds: { EUR: { totalCents: 100_000, pieceCents: 20_000 } } });

const { metadata, data } = OrderConfirmed.example;
const suspicious = { metadata, data: { ...data, totalCents: 100_000 } };

beforeEach(() => {
  publish.mockReset().mockResolvedValue();
});

describe('assess-fraud', () => {
  it('says nothing of an order that meets no rule', async () => {
    await assess({ type: 'OrderConfirmed', ...OrderConfirmed.example });
    expect(publish).not.toHaveBeenCalled();
  });

  it('publishes an event that answers the one it was told, with the rules that were met', async () => {
    await assess({ type: 'OrderConfirmed', ...suspicious });
    expect(publish).toHaveBeenCalledTimes(1);
    const [contract, detail] = publish.mock.calls[0] ?? [];
    expect(contract).toBe(FraudSuspected);
    if (!detail) throw new Error('nothing was published');
    expect(schemaErrors({ type: 'FraudSuspected', detail })).toEqual([]);
    expect(detail).toEqual({
      metadata: {
        eventId: `${data.orderId}#FraudSuspected`,
        correlationId: metadata.correlationId,
        causationId: metadata.eventId,
        schemaVersion: 1,
        occurredAt: expect.any(String),
      },
      data: { orderId: data.orderId, customerId: data.customerId, signals: ['HIGH_VALUE'] },
    });
  });

  it('publishes the same event again where it assesses an order again', async () => {
    await assess({ type: 'OrderConfirmed', ...suspicious });
    await assess({ type: 'OrderConfirmed', ...suspicious });
    const [first, second] = publish.mock.calls.map(([, detail]) => detail.metadata.eventId);
    expect(second).toBe(first);
  });

  it('puts it on the bus of its environment', async () => {
    deliveriesInMemory();
    const bus = mockClient(EventBridgeClient);
    bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
    await handler({ 'detail-type': 'OrderConfirmed', detail: suspicious }, lambdaContext);
    expect(bus.commandCall(0, PutEventsCommand).args[0].input).toMatchObject({
      Entries: [{ EventBusName: 'OrderBus', DetailType: 'FraudSuspected' }],
    });
  });
});
