import * as z from 'zod';
import { contract, type Detail } from './contract.ts';
import { CustomerId, OrderId } from './order.ts';

export const FraudSuspected = contract({
  type: 'FraudSuspected',
  version: 1,
  owner: 'assess-fraud',
  summary: 'A confirmed order that a person should look at. It holds nothing up: the parcel is on its way.',
  data: z.object({
    orderId: OrderId,
    customerId: CustomerId,
    signals: z.array(z.string().min(1)).min(1).meta({
      description:
        'The rules that the order met: HIGH_VALUE, BULK_QUANTITY, SEVERAL_LUXURIES, UNKNOWN_CURRENCY. New ones may come.',
    }),
  }),
  example: {
    metadata: {
      eventId: 'ord_5x0hq2v7m3k9c4tz1wby#FraudSuspected',
      correlationId: 'c0ffee00-1d5a-4c1e-9d3b-2f6a7b8c9d0e',
      causationId: 'ord_5x0hq2v7m3k9c4tz1wby#OrderConfirmed',
      schemaVersion: 1,
      occurredAt: '2026-01-15T09:30:00.200Z',
    },
    data: { orderId: 'ord_5x0hq2v7m3k9c4tz1wby', customerId: 'customer-17', signals: ['BULK_QUANTITY'] },
  },
});
export type FraudSuspected = Detail<typeof FraudSuspected>;
