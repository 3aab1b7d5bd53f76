import { type Undo, undoTask } from '../runtime/undo-task.ts';
import { isFree, type Payment, payment } from './payment.ts';

/** Undoes `charge-payment`: after it, the order has cost the customer nothing, now or later. */
export const refundPayment =
  ({ ledger, provider }: Payment) =>
  (order: Undo) =>
    ledger.undo(order, {
      undo: async (entry) => isFree(entry) || provider.refund(order.orderId),
      close: async (entry) => isFree(entry) || provider.close(order.orderId),
    });

export const handler = undoTask('RefundPayment', refundPayment(payment()));
