import { contract, type Detail } from './contract.ts';
import { OrderFacts, TrackingNumber } from './order.ts';

export const OrderConfirmed = contract({
  type: 'OrderConfirmed',
  version: 1,
  owner: 'order-fulfillment',
  summary:
    'Paid, reserved and handed to the carrier. The order stands, unless its customer or an operator cancels it: then OrderCancelled follows, or OrderKept where its parcel had left.',
  data: OrderFacts.extend({ trackingNumber: TrackingNumber }),
  example: {
    metadata: {
      eventId: 'ord_5x0hq2v7m3k9c4tz1wby#OrderConfirmed',
      correlationId: 'c0ffee00-1d5a-4c1e-9d3b-2f6a7b8c9d0e',
      schemaVersion: 1,
      occurredAt: '2026-01-15T09:30:00.000Z',
    },
    data: {
      orderId: 'ord_5x0hq2v7m3k9c4tz1wby',
      customerId: 'customer-17',
      items: [{ sku: 'MUG-WHITE', quantity: 2, unitPriceCents: 1250 }],
      totalCents: 2500,
      currency: 'EUR',
      trackingNumber: 'SBX5X0HQ2V7M3K9C4TZ1WBY',
    },
  },
});
export type OrderConfirmed = Detail<typeof OrderConfirmed>;
