import * as z from 'zod';
import { contract, type Detail } from './contract.ts';
import { CustomerId, OrderId } from './order.ts';

export const OrderNeedsAttention = contract({
  type: 'OrderNeedsAttention',
  version: 1,
  owner: 'park-and-publish',
  summary:
    'An undo or a publication has failed for long: the order is parked until an operator resumes it. It may park again, which is another event.',
  data: z.object({
    orderId: OrderId,
    customerId: CustomerId,
    state: z.string().min(1).meta({
      description:
        'The state in which the order waits: ParkUndo, ParkConfirmation, ParkKeeping, ParkCancellation, or Recovery. New ones may come.',
    }),
    error: z.string().min(1).meta({ description: 'The name of the error that would not pass.' }),
  }),
  example: {
    metadata: {
      eventId: 'ord_5x0hq2v7m3k9c4tz1wby#OrderNeedsAttention#2026-01-15T09:36:00.000Z',
      correlationId: 'c0ffee00-1d5a-4c1e-9d3b-2f6a7b8c9d0e',
      schemaVersion: 1,
      occurredAt: '2026-01-15T09:36:00.000Z',
    },
    data: {
      orderId: 'ord_5x0hq2v7m3k9c4tz1wby',
      customerId: 'customer-17',
      state: 'ParkUndo',
      error: 'PaymentProviderUnavailableError',
    },
  },
});
export type OrderNeedsAttention = Detail<typeof OrderNeedsAttention>;
