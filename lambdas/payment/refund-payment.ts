import { OrderTask, task } from '../runtime/task.ts';
import { type Payment, payment } from './payment.ts';

/** Undoes `charge-payment`: after it, the order has cost the customer nothing, now or later. */
export const refundPayment =
  ({ ledger, provider }: Payment) =>
  ({ orderId }: { orderId: string }) =>
    ledger.undo(orderId, { undo: () => provider.refund(orderId) });

export const handler = task(OrderTask, refundPayment(payment()));
