import * as z from 'zod';
import { adapterOf } from '../runtime/adapter.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { effectLedger, type LedgerStates } from '../runtime/ledger.ts';
import type { Charge } from './provider.ts';
import { sandboxProvider } from './sandbox-provider.ts';

/** What an order costs. */
export interface Due {
  readonly correlationId: string;
  /** Minor units (cents) of `currency`. */
  readonly amountCents: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** Stands for the charge of an order that costs nothing. It is in the ledger like any other; the provider never hears of it. */
export const FREE = 'free';

export const PAYMENT_STATES: LedgerStates = {
  doing: 'CHARGING',
  done: 'CHARGED',
  refused: 'DECLINED',
  undoing: 'REFUNDING',
  undone: 'REFUNDED',
};

export const paymentLedger = (table: string) =>
  effectLedger<string, Partial<Charge>, Due>(table, PAYMENT_STATES);

const PaymentEnv = z.object({ PAYMENTS_TABLE: ResourceName }).and(
  adapterOf('paymentProvider', {
    sandbox: sandboxProvider,
    stripe: async ({ stripeSecret, stripeWebhookSecret, stripePaymentMethods }) => {
      const { stripeProvider } = await import('./stripe-provider.ts');
      return stripeProvider({
        secret: stripeSecret,
        webhookSecret: stripeWebhookSecret,
        paymentMethods: stripePaymentMethods,
      });
    },
  }),
);

/** What the payment steps need: our ledger and the provider. */
export const payment = () => {
  const { PAYMENTS_TABLE, adapter: provider } = env(PaymentEnv);
  return { ledger: paymentLedger(PAYMENTS_TABLE), provider };
};
export type Payment = ReturnType<typeof payment>;
