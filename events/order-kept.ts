import * as z from 'zod';
import { contract, type Detail } from './contract.ts';
import { Instant } from './instant.ts';
import { OrderFacts, TrackingNumber } from './order.ts';

export const OrderKept = contract({
  type: 'OrderKept',
  version: 1,
  owner: 'order-fulfillment',
  summary:
    'A confirmed order was to be cancelled, and its parcel had already left: an operator has kept it. It is confirmed as before, nothing is undone, and nothing is refunded.',
  data: OrderFacts.extend({
    trackingNumber: TrackingNumber,
    reason: z.string().min(1).meta({
      description:
        'Why it was to be cancelled: CancelledByCustomer or CancelledByOperator. New ones may come.',
    }),
    parkedAt: Instant.meta({
      description:
        'Since when it had waited for the operator: the occurredAt of the OrderNeedsAttention that this answers.',
      'x-unit': 'RFC 3339, UTC',
    }),
  }),
  example: {
    metadata: {
      eventId: 'ord_5x0hq2v7m3k9c4tz1wby#OrderKept#2026-01-15T09:36:00.000Z',
      correlationId: 'c0ffee00-1d5a-4c1e-9d3b-2f6a7b8c9d0e',
      schemaVersion: 1,
      occurredAt: '2026-01-15T09:50:00.000Z',
    },
    data: {
      orderId: 'ord_5x0hq2v7m3k9c4tz1wby',
      customerId: 'customer-17',
      items: [{ sku: 'MUG-WHITE', quantity: 2, unitPriceCents: 1250 }],
      totalCents: 2500,
      currency: 'EUR',
      trackingNumber: 'SBX5X0HQ2V7M3K9C4TZ1WBY',
      reason: 'CancelledByCustomer',
      parkedAt: '2026-01-15T09:36:00.000Z',
    },
  },
});
export type OrderKept = Detail<typeof OrderKept>;
