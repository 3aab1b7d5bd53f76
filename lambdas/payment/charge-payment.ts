import * as z from 'zod';
import { Currency } from '../../catalogue/product.ts';
import { type PersonalDataReader, personalData } from '../runtime/personal-data.ts';
import { OrderTask, task } from '../runtime/task.ts';
import { PaymentDeclinedError } from './errors.ts';
import { isFree, type Payment, payment } from './payment.ts';

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
        perform: async () => {
          if (isFree({ amountCents })) return {};
          const { paymentMethod } = await personalData(orderId, Means);
          return provider.charge({ orderId, amountCents, currency, paymentMethod });
        },
        undo: async () => isFree({ amountCents }) || provider.refund(orderId),
        Refusal: PaymentDeclinedError,
      },
    );

export const handler = task(ChargePaymentInput, chargePayment(payment(), personalData()));
