import * as z from 'zod';
import { StripePaymentMethods } from '../../configuration/stripe-payment-methods.ts';
import { env, noSandboxInProd, ResourceName, STAGE } from '../runtime/env.ts';
import { effectLedger, type LedgerStates } from '../runtime/ledger.ts';
import type { Charge, PaymentProvider } from './provider.ts';
import { sandboxProvider } from './sandbox-provider.ts';

const common = { STAGE, PAYMENTS_TABLE: ResourceName };
const PaymentEnv = z.discriminatedUnion('PAYMENT_PROVIDER', [
  z
    .object({ ...common, PAYMENT_PROVIDER: z.literal('sandbox'), SANDBOX_CHARGES_TABLE: ResourceName })
    .superRefine(noSandboxInProd('PAYMENT_PROVIDER')),
  z.object({
    ...common,
    PAYMENT_PROVIDER: z.literal('stripe'),
    STRIPE_SECRET: ResourceName,
    STRIPE_WEBHOOK_SECRET: ResourceName,
    STRIPE_PAYMENT_METHODS: StripePaymentMethods,
  }),
]);

/** The adapter is loaded when it is first called: whoever has chosen another never pays for it. */
const loaded = (load: () => Promise<PaymentProvider>): PaymentProvider => {
  let loading: Promise<PaymentProvider> | undefined;
  const provider = () => {
    loading ??= load();
    return loading;
  };
  return {
    prepare: async (request) => (await provider()).prepare(request),
    commit: async (prepared, isRepeat) => (await provider()).commit(prepared, isRepeat),
    awaited: async (prepared) => (await provider()).awaited(prepared),
    undo: async (prepared) => (await provider()).undo(prepared),
    close: async (prepared) => (await provider()).close(prepared),
    noticeOf: async (headers, rawBody) => (await provider()).noticeOf(headers, rawBody),
  };
};

const providerFor = (chosen: z.infer<typeof PaymentEnv>): PaymentProvider =>
  chosen.PAYMENT_PROVIDER === 'sandbox'
    ? sandboxProvider(chosen.SANDBOX_CHARGES_TABLE)
    : loaded(async () => {
        const { stripeProvider } = await import('./stripe-provider.ts');
        return stripeProvider({
          secret: chosen.STRIPE_SECRET,
          webhookSecret: chosen.STRIPE_WEBHOOK_SECRET,
          paymentMethods: chosen.STRIPE_PAYMENT_METHODS,
        });
      });

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

/** What the payment steps need: our ledger and the provider. */
export const payment = () => {
  const chosen = env(PaymentEnv);
  return { ledger: paymentLedger(chosen.PAYMENTS_TABLE), provider: providerFor(chosen) };
};
export type Payment = ReturnType<typeof payment>;
