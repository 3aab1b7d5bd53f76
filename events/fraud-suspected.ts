import * as z from 'zod';
import { contract, type Detail } from './contract.ts';

/** A confirmed order that someone should look at. Published by the listener `assess-fraud`. */
export const FraudSuspected = contract(
  'FraudSuspected',
  1,
  z.object({
    orderId: z.string().min(1),
    customerId: z.string().min(1),
    /** The rules that the order met, by name. */
    signals: z.array(z.string().min(1)).min(1),
  }),
);
export type FraudSuspected = Detail<typeof FraudSuspected>;

export const fraudSuspectedExample: FraudSuspected = {
  metadata: {
    eventId: 'ord_5x0hq2v7m3k9c4tz1wby#FraudSuspected',
    correlationId: 'c0ffee00-1d5a-4c1e-9d3b-2f6a7b8c9d0e',
    causationId: 'ord_5x0hq2v7m3k9c4tz1wby#OrderConfirmed',
    schemaVersion: 1,
    occurredAt: '2026-01-15T09:30:00.200Z',
  },
  data: { orderId: 'ord_5x0hq2v7m3k9c4tz1wby', customerId: 'customer-17', signals: ['BULK_QUANTITY'] },
};
