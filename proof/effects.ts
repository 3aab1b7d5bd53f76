import { PAYMENT_STATES } from '../lambdas/payment/payment-ledger.ts';
import type { LedgerStates } from '../lambdas/runtime/ledger.ts';
import { SHIPMENT_STATES } from '../lambdas/shipment/shipment.ts';
import type { StepName } from '../saga/steps.ts';

type Row = Readonly<Record<string, unknown>>;

/** A step's effect in the outside world, of which its service keeps a ledger. */
interface LedgerEffect {
  readonly step: StepName;
  /** Our ledger: its table, and its names for the states of an entry. */
  readonly ledger: { readonly table: string; readonly states: LedgerStates };
  /** The sandbox's own book, which shows what there is outside. */
  readonly book: {
    readonly name: string;
    readonly table: string;
    readonly partitionKey: string;
    /** Whether the effect stands: it is real, and nothing has taken it back. */
    readonly stands: (row: Row) => boolean;
    /** Whether an update makes it real. */
    readonly commits: (update: string) => boolean;
    /** How an operator takes it back by hand. */
    readonly byHand: Row;
  };
}

/** Every effect that goes through a ledger. Stock does not: a reservation is one transaction in our own tables. */
export const EFFECTS = {
  payment: {
    step: 'ChargePayment',
    ledger: { table: 'PaymentPayments', states: PAYMENT_STATES },
    book: {
      name: 'provider',
      table: 'PaymentSandboxCharges',
      partitionKey: 'intentId',
      stands: ({ chargedCents, refundedCents }) => Number(chargedCents) > Number(refundedCents),
      commits: (update) => update.startsWith('SET #status = :charged'),
      byHand: { UpdateExpression: 'SET refundedCents = chargedCents' },
    },
  },
  shipment: {
    step: 'CreateShipment',
    ledger: { table: 'ShipmentShipments', states: SHIPMENT_STATES },
    book: {
      name: 'carrier',
      table: 'ShipmentSandboxParcels',
      partitionKey: 'shipmentId',
      stands: ({ status }) => status === 'BOOKED' || status === 'DISPATCHED',
      commits: (update) => update.startsWith('SET #status = bookedAs'),
      byHand: {
        UpdateExpression: 'SET #status = :cancelled',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':cancelled': { S: 'CANCELLED' } },
      },
    },
  },
} as const satisfies Readonly<Record<string, LedgerEffect>>;

export type Effect = keyof typeof EFFECTS;
export type BookName = (typeof EFFECTS)[Effect]['book']['name'];

export const EFFECT_NAMES = Object.keys(EFFECTS) as readonly Effect[];
export const effectOf = (effect: Effect): LedgerEffect => EFFECTS[effect];
/** The name of the book in which an effect shows. */
export const bookOf = (effect: Effect): BookName => EFFECTS[effect].book.name;
