import * as z from 'zod';
import { Currency } from '../../catalogue/product.ts';
import { type PersonalDataReader, personalData } from '../runtime/personal-data.ts';
import { OrderTask, task } from '../runtime/task.ts';
import { PaymentDeclinedError } from './errors.ts';
import { type Payment, payment } from './payment.ts';
import { FREE } from './payment-ledger.ts';

const ChargePaymentInput = OrderTask.extend({
  /** Minor units (cents) of `currency`. */
  totalCents: z.int().nonnegative(),
  currency: Currency,
});

const Means = z.object({ paymentMethod: z.string().min(1) });

/** Charges the order's total, once, where it costs anything. Undone by `refund-payment`. */
export const chargePayment =
  ({ ledger, provider }: Payment, personalData: PersonalDataReader) =>
  ({ orderId, correlationId, totalCents: amountCents, currency }: z.infer<typeof ChargePaymentInput>) =>
    ledger.perform(
      orderId,
      { correlationId, amountCents, currency },
      {
        prepare: async () => {
          if (amountCents === 0) return FREE;
          const { paymentMethod } = await personalData(orderId, Means);
          return provider.prepare({ orderId, correlationId, amountCents, currency, paymentMethod });
        },
        commit: async (intentId, isRepeat) =>
          intentId === FREE ? {} : provider.commit({ orderId, intentId }, isRepeat),
        undo: async (intentId) => intentId === FREE || provider.undo({ orderId, intentId }),
        Refusal: PaymentDeclinedError,
      },
    );

export const handler = task(ChargePaymentInput, chargePayment(payment(), personalData()));
