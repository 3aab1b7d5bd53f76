import { PAYMENT_STATES } from '../lambdas/payment/payment.ts';
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
    /** The key of an order's row, as DynamoDB writes it. */
    readonly key: (orderId: string) => Row;
    /** Whose row it is. */
    readonly orderIdIn: (row: Row) => string;
    /** Whether the effect stands: nothing has taken it back. */
    readonly stands: (row: Row) => boolean;
    /** Whether an update takes the effect back, rather than close the book to it. */
    readonly takesBack: (update: string) => boolean;
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
      key: (orderId) => ({ key: { S: `${orderId}#charge` } }),
      orderIdIn: ({ key }) => String(key).split('#')[0] as string,
      stands: ({ chargedCents = 0, refundedCents = 0 }) => Number(chargedCents) > Number(refundedCents),
      takesBack: (update) => update.includes('refundKey'),
      byHand: {
        UpdateExpression: 'SET refundedCents = chargedCents',
        ConditionExpression: 'attribute_exists(chargedCents)',
      },
    },
  },
  shipment: {
    step: 'CreateShipment',
    ledger: { table: 'ShipmentShipments', states: SHIPMENT_STATES },
    book: {
      name: 'carrier',
      table: 'ShipmentSandboxParcels',
      key: (orderId) => ({ reference: { S: orderId } }),
      orderIdIn: ({ reference }) => String(reference),
      stands: ({ status }) => status !== 'CANCELLED',
      takesBack: (update) => update.startsWith('SET #status = :cancelled'),
      byHand: {
        UpdateExpression: 'SET #status = :cancelled',
        ConditionExpression: 'attribute_exists(#status)',
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
