import * as z from 'zod';
import { contract, type Detail } from './contract.ts';
import { OrderFacts } from './order.ts';

/** A step failed and everything done before it is undone: nothing is charged, reserved or shipped. Published by the workflow. */
export const OrderCancelled = contract(
  'OrderCancelled',
  1,
  OrderFacts.extend({
    /** The name of the error that came first: `PaymentDeclinedError`, `States.Timeout`, ... */
    reason: z.string().min(1),
  }),
);
export type OrderCancelled = Detail<typeof OrderCancelled>;

export const orderCancelledExample: OrderCancelled = {
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
};
