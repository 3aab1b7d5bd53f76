import type { Wait } from '../../saga/steps.ts';
import { itemByKey } from '../runtime/dynamodb.ts';
import { effectLedger, type LedgerStates } from '../runtime/ledger.ts';
import type { Resolution } from '../runtime/undo-task.ts';
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

/** A workflow that waits until its order's charge is decided. */
export interface Awaiting {
  /** Whose turn it is. */
  readonly by: Wait['by'];
  /** Ends the wait. */
  readonly token: string;
  /** Sorts the waits of an order (`waitKey`). */
  readonly since: string;
}

/** As much of an entry as is asked for beside the ledger. */
interface PaymentEntry {
  readonly orderId: string;
  readonly correlationId: string;
  readonly state: string;
  readonly handle?: string;
  readonly awaiting?: Awaiting;
  readonly resolution?: Resolution;
}

/** An order's entry, as it is now. */
export const paymentEntry = (table: string, orderId: string) => itemByKey<PaymentEntry>(table, { orderId });
