import { effectLedger, type LedgerStates } from '../runtime/ledger.ts';
import type { Charge } from './provider.ts';

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
