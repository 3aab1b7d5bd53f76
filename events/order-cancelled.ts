import * as z from 'zod';
import { contract, type Detail } from './contract.ts';
import { OrderFacts } from './order.ts';

export const OrderCancelled = contract({
  type: 'OrderCancelled',
  version: 1,
  owner: 'order-fulfillment',
  summary:
    'A step failed, or the customer or an operator cancelled, and everything is undone: nothing is charged, reserved or shipped any more. This is final.',
  data: OrderFacts.extend({
    reason: z.string().min(1).meta({
      description:
        'Why: the name of the error that came first (PaymentDeclinedError, States.Timeout, ...), CancelledByCustomer or CancelledByOperator. New ones may come.',
    }),
  }),
  example: {
    metadata: {
      eventId: 'ord_5x0hq2v7m3k9c4tz1wby#OrderCancelled',
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
      reason: 'PaymentDeclinedError',
    },
  },
});
export type OrderCancelled = Detail<typeof OrderCancelled>;
