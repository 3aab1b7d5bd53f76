import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { contract, eventIdOf, keyOf } from '../events/contract.ts';
import { OrderCancelled } from '../events/order-cancelled.ts';
import { OrderConfirmed } from '../events/order-confirmed.ts';
import { OrderNeedsAttention } from '../events/order-needs-attention.ts';
import { patternOf } from '../events/pattern.ts';

/** What OrderConfirmed might become: the two would be published side by side. */
const OrderConfirmedV2 = contract({
  ...OrderConfirmed,
  version: 2,
  data: z.object({ orderId: z.string() }),
  example: {
    metadata: { ...OrderConfirmed.example.metadata, schemaVersion: 2 },
    data: { orderId: 'ord_1' },
  },
});

describe('a contract', () => {
  it('lets fields through that were added later', () => {
    const { metadata, data } = OrderConfirmed.example;
    const later = { metadata, data: { ...data, giftWrapped: true } };
    expect(OrderConfirmed.detail.safeParse(later).success).toBe(true);
  });

  it('refuses an event of another version', () => {
    expect(OrderConfirmed.detail.safeParse(OrderConfirmedV2.example).success).toBe(false);
    expect(OrderConfirmedV2.detail.safeParse(OrderConfirmedV2.example).success).toBe(true);
  });
});

describe('an event id', () => {
  it('is the same however often the event is published', () => {
    expect(eventIdOf(OrderConfirmed, 'ord_1')).toBe('ord_1#OrderConfirmed');
  });

  it('tells apart what happens to an order more than once', () => {
    const at = '2026-01-15T09:36:00.000Z';
    expect(eventIdOf(OrderNeedsAttention, 'ord_1', at)).toBe(`ord_1#OrderNeedsAttention#${at}`);
  });

  it('of a later major is its own, so that neither passes for a repetition of the other', () => {
    expect(eventIdOf(OrderConfirmedV2, 'ord_1')).toBe('ord_1#OrderConfirmed.v2');
    expect(keyOf(OrderConfirmedV2)).toBe('OrderConfirmed.v2');
  });
});

describe('a pattern', () => {
  const inVersion = (schemaVersion: number) => ({ metadata: { schemaVersion: [schemaVersion] } });

  it('is of the events in their version, and no other', () => {
    expect(patternOf(OrderConfirmed, OrderCancelled)).toEqual({
      source: ['order-saga'],
      'detail-type': ['OrderConfirmed', 'OrderCancelled'],
      detail: inVersion(1),
    });
  });

  it('of several versions is one alternative each, lest one event be heard in the version of the other', () => {
    expect(patternOf(OrderConfirmedV2, OrderCancelled, OrderNeedsAttention)).toEqual({
      source: ['order-saga'],
      $or: [
        { 'detail-type': ['OrderConfirmed'], detail: inVersion(2) },
        { 'detail-type': ['OrderCancelled', 'OrderNeedsAttention'], detail: inVersion(1) },
      ],
    });
  });
});
