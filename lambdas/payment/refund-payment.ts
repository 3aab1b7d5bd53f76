import { type Undo, undoTask } from '../runtime/undo-task.ts';
import { type Payment, payment } from './payment.ts';
import { FREE } from './payment-ledger.ts';

/** Undoes `charge-payment`: after it, the order has cost the customer nothing, now or later. */
export const refundPayment =
  ({ ledger, provider }: Payment) =>
  (order: Undo) => {
    const { orderId } = order;
    return ledger.undo(order, {
      undo: async (intentId) => intentId === FREE || provider.undo({ orderId, intentId }),
      close: async (intentId) => intentId === FREE || provider.close({ orderId, intentId }),
    });
  };

export const handler = undoTask('RefundPayment', refundPayment(payment()));
