import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

type Row = Readonly<Record<string, unknown>>;

/** A row of the payment provider's books. */
export interface ChargeRow {
  readonly orderId: string;
  readonly chargedCents?: number;
  readonly refundedCents?: number;
}
export interface StockRow {
  readonly sku: string;
  readonly available: number;
}
export interface ReservationRow {
  readonly orderId: string;
  readonly state: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}
/** A row of the carrier's book; its reference is our order id. */
export interface ParcelRow {
  readonly reference: string;
  readonly status: string;
}
/** An entry of one of our own ledgers. */
export interface LedgerRow {
  readonly orderId: string;
  readonly state: string;
}
export interface OrderRow {
  readonly orderId: string;
  readonly outcome?: { readonly status: string; readonly reason?: string; readonly isKept?: boolean };
  /** That it was to be cancelled when it had been confirmed. */
  readonly cancelling?: object;
  readonly parkedAt?: string;
  readonly parking?: {
    readonly state: string;
    readonly token?: string;
    /** Undos that were settled by hand. */
    readonly resolutions?: Row;
  };
  /** What puts it in the queue of who looks for orders that nobody goes on with. */
  readonly openSince?: string;
  readonly lookedAt?: string;
  readonly shard?: string;
}
export interface MailRow {
  readonly eventId: string;
}
export interface CompletionEvent {
  readonly type: string;
  readonly eventId: string;
  readonly orderId: string;
}

/** What there is to see of everything that was ordered: the outside worlds, our own ledgers, the read model, the events. */
export interface Worlds {
  readonly charges: readonly ChargeRow[];
  readonly stock: readonly StockRow[];
  readonly parcels: readonly ParcelRow[];
  readonly mails: readonly MailRow[];
  readonly payments: readonly LedgerRow[];
  readonly reservations: readonly ReservationRow[];
  readonly shipments: readonly LedgerRow[];
  readonly orders: readonly OrderRow[];
  readonly events: readonly CompletionEvent[];
}

/** One call of DynamoDB, wherever it is. */
export type Scan = (request: Record<string, unknown>) => Promise<object>;
interface Page {
  readonly Items?: readonly Record<string, AttributeValue>[];
  readonly LastEvaluatedKey?: Record<string, AttributeValue>;
}

/** Every row: a scan answers a megabyte at a time. */
const rowsOf = async <R>(scan: Scan, table: string): Promise<R[]> => {
  const rows: R[] = [];
  let from: Page['LastEvaluatedKey'];
  do {
    const page: Page = await scan({
      TableName: table,
      ConsistentRead: true,
      ...(from && { ExclusiveStartKey: from }),
    });
    for (const item of page.Items ?? []) rows.push(unmarshall(item) as R);
    from = page.LastEvaluatedKey;
  } while (from);
  return rows;
};

interface PublishedEvent {
  readonly 'detail-type': string;
  readonly detail: { readonly metadata: Row; readonly data: Row };
}
const COMPLETIONS = ['OrderConfirmed', 'OrderKept', 'OrderCancelled'];

/** The events by which the workflow says how an order ended, as often as it said so. */
export const completionsIn = (published: readonly unknown[]): CompletionEvent[] =>
  (published as readonly PublishedEvent[])
    .filter((event) => COMPLETIONS.includes(event['detail-type']))
    .map((event) => ({
      type: event['detail-type'],
      eventId: String(event.detail.metadata.eventId),
      orderId: String(event.detail.data.orderId),
    }));

/** @param events the completion events, which no table keeps as they were published */
export const readWorlds = async (scan: Scan, events: readonly CompletionEvent[]): Promise<Worlds> => ({
  charges: await rowsOf<ChargeRow>(scan, 'PaymentSandboxCharges'),
  stock: await rowsOf<StockRow>(scan, 'InventoryStock'),
  parcels: await rowsOf<ParcelRow>(scan, 'ShipmentSandboxParcels'),
  mails: await rowsOf<MailRow>(scan, 'ListenersSandboxMailbox'),
  payments: await rowsOf<LedgerRow>(scan, 'PaymentPayments'),
  reservations: await rowsOf<ReservationRow>(scan, 'InventoryReservations'),
  shipments: await rowsOf<LedgerRow>(scan, 'ShipmentShipments'),
  orders: await rowsOf<OrderRow>(scan, 'RecordsOrders'),
  events,
});
