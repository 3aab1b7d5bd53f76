import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { EFFECT_NAMES, type Effect, effectOf } from './effects.ts';

type Row = Readonly<Record<string, unknown>>;

export interface StockRow {
  readonly sku: string;
  readonly available: number;
}
export interface ReservationRow {
  readonly orderId: string;
  readonly state: string;
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
}
/** An entry of one of our own ledgers. */
export interface LedgerRow {
  readonly orderId: string;
  readonly state: string;
}
/** What our ledger says of an effect, and what the book of its outside says. */
export interface EffectRows {
  readonly ledger: readonly LedgerRow[];
  readonly book: readonly Row[];
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
  readonly effects: Readonly<Record<Effect, EffectRows>>;
  readonly stock: readonly StockRow[];
  readonly reservations: readonly ReservationRow[];
  readonly mails: readonly MailRow[];
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

type Books = { readonly [E in Effect]?: readonly Row[] | undefined };

const effectsIn = async (scan: Scan, books: Books): Promise<Worlds['effects']> => {
  const rows = EFFECT_NAMES.map(async (effect): Promise<[Effect, EffectRows]> => {
    const { ledger, book } = effectOf(effect);
    return [
      effect,
      {
        ledger: await rowsOf<LedgerRow>(scan, ledger.table),
        book: books[effect] ?? (await rowsOf<Row>(scan, book.table)),
      },
    ];
  });
  return Object.fromEntries(await Promise.all(rows)) as Record<Effect, EffectRows>;
};

/**
 * @param events the completion events, which no table keeps as they were published
 * @param books of the outside, where they are no tables of ours
 */
export const readWorlds = async (
  scan: Scan,
  events: readonly CompletionEvent[],
  books: Books = {},
): Promise<Worlds> => ({
  effects: await effectsIn(scan, books),
  stock: await rowsOf<StockRow>(scan, 'InventoryStock'),
  mails: await rowsOf<MailRow>(scan, 'ListenersSandboxMailbox'),
  reservations: await rowsOf<ReservationRow>(scan, 'InventoryReservations'),
  orders: await rowsOf<OrderRow>(scan, 'RecordsOrders'),
  events,
});
