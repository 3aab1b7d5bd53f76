import * as z from 'zod';
import { Adapter, env, noSandboxInProd, ResourceName, STAGE } from '../runtime/env.ts';
import { effectLedger, type LedgerStates } from '../runtime/ledger.ts';
import type { Charge } from './provider.ts';
import { sandboxProvider } from './sandbox-provider.ts';

const PaymentEnv = z
  .object({
    STAGE,
    PAYMENT_PROVIDER: Adapter,
    PAYMENTS_TABLE: ResourceName,
    SANDBOX_CHARGES_TABLE: ResourceName,
  })
  .superRefine(noSandboxInProd('PAYMENT_PROVIDER'));

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
  const { PAYMENTS_TABLE, SANDBOX_CHARGES_TABLE } = env(PaymentEnv);
  return { ledger: paymentLedger(PAYMENTS_TABLE), provider: sandboxProvider(SANDBOX_CHARGES_TABLE) };
};
export type Payment = ReturnType<typeof payment>;
