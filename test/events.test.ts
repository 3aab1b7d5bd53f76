import { describe, expect, it } from '@jest/globals';
import { FraudSuspected, fraudSuspectedExample } from '../events/fraud-suspected.ts';
import { OrderCancelled, orderCancelledExample } from '../events/order-cancelled.ts';
import { OrderConfirmed, orderConfirmedExample } from '../events/order-confirmed.ts';
import { OrderNeedsAttention, orderNeedsAttentionExample } from '../events/order-needs-attention.ts';

describe('each event', () => {
  it.each([
    [OrderConfirmed, orderConfirmedExample],
    [OrderCancelled, orderCancelledExample],
    [FraudSuspected, fraudSuspectedExample],
  ])(
    '$type has an example that meets its schema, under an id derived from its order',
    (contract, example) => {
      expect(contract.detail.parse(example)).toEqual(example);
      expect(example.metadata.eventId).toBe(`${example.data.orderId}#${contract.type}`);
    },
  );

  it('OrderNeedsAttention has an example that meets its schema, under an id of its own for each parking', () => {
    const { metadata, data } = orderNeedsAttentionExample;
    expect(OrderNeedsAttention.detail.parse(orderNeedsAttentionExample)).toEqual(orderNeedsAttentionExample);
    expect(metadata.eventId).toBe(`${data.orderId}#OrderNeedsAttention#${metadata.occurredAt}`);
  });

  it('lets fields through that were added later', () => {
    const later = { ...orderConfirmedExample, data: { ...orderConfirmedExample.data, giftWrapped: true } };
    expect(OrderConfirmed.detail.safeParse(later).success).toBe(true);
  });

  it('refuses an event of another version', () => {
    const other = {
      ...orderConfirmedExample,
      metadata: { ...orderConfirmedExample.metadata, schemaVersion: 2 },
    };
    expect(OrderConfirmed.detail.safeParse(other).success).toBe(false);
  });
});
