import * as z from 'zod';
import { OrderTask, task } from '../runtime/task.ts';
import { PaymentDeclinedError } from './errors.ts';
import { type Payment, payment } from './payment.ts';

const ChargePaymentInput = OrderTask.extend({
  /** Minor units (cents) of `currency`. */
  totalCents: z.int().positive(),
  currency: z.string().length(3),
  paymentMethod: z.string().min(1),
});

/** Charges the order's total, once. Undone by `refund-payment`. */
export const chargePayment =
  ({ ledger, provider }: Payment) =>
  ({
    orderId,
    correlationId,
    totalCents: amountCents,
    currency,
    paymentMethod,
  }: z.infer<typeof ChargePaymentInput>) =>
    ledger.perform(
      orderId,
      { correlationId, amountCents, currency },
      {
        perform: () => provider.charge({ orderId, amountCents, currency, paymentMethod }),
        undo: () => provider.refund(orderId),
        Refusal: PaymentDeclinedError,
      },
    );

export const handler = task(ChargePaymentInput, chargePayment(payment()));
