import * as z from 'zod';
import { adapterOf } from '../runtime/adapter.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { paymentLedger } from './payment-ledger.ts';
import { sandboxProvider } from './sandbox-provider.ts';

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
  return { table: PAYMENTS_TABLE, ledger: paymentLedger(PAYMENTS_TABLE), provider };
};
export type Payment = ReturnType<typeof payment>;
