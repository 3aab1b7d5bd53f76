import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { allItems, documents, itemsByKeys } from '../runtime/dynamodb.ts';
import { type Outcome, outcomeShard, SHARDS } from '../runtime/outcome.ts';
import type { OrderRecord } from './order.ts';

/** A page of orders and the cursor of the next one. */
export interface OrderPage {
  readonly orders: readonly OrderRecord[];
  readonly next?: Readonly<Record<string, unknown>>;
}

/** An order's place in the indexes by time. */
export type Placement = Required<Pick<OrderRecord, 'orderId' | 'placedAt' | 'shard'>>;

/** An order's place among the parked ones. */
export type ParkedPlace = Required<Pick<OrderRecord, 'orderId' | 'parkedAt' | 'shard'>>;

/** An order from the index `parked`: the index holds only orders that wait. */
type ParkedOrder = OrderRecord & Required<Pick<OrderRecord, 'parkedAt' | 'parking' | 'shard'>>;

/**
 * The part of an order in the index `open` that decides its turn. An index lags behind its table, so nothing else is
 * taken from it.
 */
export type Waiting = Pick<OrderRecord, 'orderId' | 'correlationId' | 'lookedAt'>;

/** How many rows of each shard are read at a time: as many as one BatchGetItem takes. */
const PAGE = 100;

/** How many pages a list reads in search of rare orders: a small part of a function's time. */
const LOOKS = 10;

/** The last place in each shard after one more order: the shard's next page begins there. */
const behind = <Place extends { readonly shard: string }>(
  places: readonly Place[],
  last: Place,
): readonly Place[] => [...places.filter(({ shard }) => shard !== last.shard), last];

/** Lists of orders, from the table's indexes. */
export const orderLists = (table: string) => {
  /** A page of one partition of an index. The key after which it begins must name the partition as well. */
  const partition = (
    index: string,
    key: Readonly<Record<string, string>>,
    { KeyConditionExpression: range, ExpressionAttributeValues: values, ...page }: Partial<QueryCommandInput>,
  ) => {
    const [[name, value] = []] = Object.entries(key);
    return documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: `#partition = :partition${range ? ` AND ${range}` : ''}`,
        ExpressionAttributeNames: { '#partition': name as string },
        ExpressionAttributeValues: { ':partition': value, ...values },
        ...page,
      }),
    );
  };

  /** A page of a shard of the index `open`, longest wait first. */
  const waitingIn = (shard: string, before: string, page: Partial<QueryCommandInput>) =>
    partition(
      'open',
      { shard },
      {
        KeyConditionExpression: 'lookedAt < :before',
        ExpressionAttributeValues: { ':before': before },
        ...page,
      },
    );

  /**
   * The newest of all shards, merged. Orders placed at the same time keep their shard's order, as its next page depends
   * on that.
   */
  const newestAfter = async (
    after: readonly Placement[],
    size: number,
    status: Outcome['status'] | undefined,
  ): Promise<Placement[]> => {
    const pages = await Promise.all(
      SHARDS.map(async (shard) => {
        const last = after.find((placement) => placement.shard === shard);
        const key: Record<string, string> = status
          ? { outcomeShard: outcomeShard(status, shard) }
          : { shard };
        const { Items = [] } = await partition(status ? 'byOutcome' : 'byTime', key, {
          ScanIndexForward: false,
          Limit: size,
          ExclusiveStartKey: last && { orderId: last.orderId, placedAt: last.placedAt, ...key },
        });
        return Items.map(({ orderId, placedAt }) => ({ orderId, placedAt, shard }));
      }),
    );
    return pages.flat().sort((a, b) => b.placedAt.localeCompare(a.placedAt));
  };

  /** Every item of a sparse index: only for indexes that are known to be small. */
  const whole = async (
    read: (shard: string, page: Partial<QueryCommandInput>) => ReturnType<typeof partition>,
  ): Promise<OrderRecord[]> =>
    (
      await Promise.all(
        SHARDS.map((shard) =>
          allItems<OrderRecord>((ExclusiveStartKey) => read(shard, { ExclusiveStartKey })),
        ),
      )
    ).flat();

  return {
    /** Newest first. */
    ofCustomer: async (customerId: string, limit: number, from: OrderPage['next']): Promise<OrderPage> => {
      const { Items, LastEvaluatedKey } = await partition(
        'byCustomer',
        { customerId },
        { ScanIndexForward: false, Limit: limit, ExclusiveStartKey: from },
      );
      return { orders: (Items ?? []) as OrderRecord[], ...(LastEvaluatedKey && { next: LastEvaluatedKey }) };
    },

    /**
     * Orders as they are now, newest first: all of them, or those with a given status. A page reads at most a thousand,
     * and may end before it has found as many as asked for.
     * @param after the last order of each shard on the page before
     * @param isWanted tells whether an order still has the status: an ended one may be parked, or reopened to be
     *   cancelled, by now
     */
    newest: async (
      limit: number,
      after: readonly Placement[] = [],
      status?: Outcome['status'],
      isWanted?: (order: OrderRecord) => boolean,
    ): Promise<{ readonly orders: readonly OrderRecord[]; readonly next?: readonly Placement[] }> => {
      const orders: OrderRecord[] = [];
      const size = isWanted ? PAGE : limit;
      let next = after;
      for (let look = 0; look < LOOKS; look += 1) {
        // One more than wanted tells whether there is more.
        const found = await newestAfter(next, size + 1, status);
        const page = found.slice(0, size);
        const records = await itemsByKeys<OrderRecord>(
          table,
          page.map(({ orderId }) => ({ orderId })),
        );
        const byId = new Map(records.map((order) => [order.orderId, order]));
        for (const placement of page) {
          next = behind(next, placement);
          const order = byId.get(placement.orderId);
          if (order && (!isWanted || isWanted(order))) orders.push(order);
          if (orders.length === limit) return { orders, ...(placement !== found.at(-1) && { next }) };
        }
        if (found.length <= size) return { orders };
      }
      return { orders, next };
    },

    /** Open orders that nobody has looked at since `before` (RFC 3339, UTC), page by page, longest wait first. */
    async *waiting(before: string): AsyncGenerator<Waiting, undefined> {
      let shards = SHARDS.map((shard) => ({ shard, from: undefined as OrderPage['next'] }));
      while (shards.length > 0) {
        const pages = await Promise.all(
          shards.map(async ({ shard, from }) => ({
            shard,
            ...(await waitingIn(shard, before, { Limit: PAGE, ExclusiveStartKey: from })),
          })),
        );
        const rows = pages.flatMap(({ Items = [] }) => Items as OrderRecord[]);
        yield* rows.toSorted(({ lookedAt: a = '' }, { lookedAt: b = '' }) => a.localeCompare(b));
        shards = pages.flatMap(({ shard, LastEvaluatedKey: from }) => (from ? [{ shard, from }] : []));
      }
    },

    // `~` sorts after every time.
    open: (): Promise<OrderRecord[]> => whole((shard, page) => waitingIn(shard, '~', page)),

    parked: (): Promise<OrderRecord[]> => whole((shard, page) => partition('parked', { shard }, page)),

    /** A page of the parked orders, longest wait first. @param after the last one of each shard on the page before */
    longestParked: async (limit: number, after: readonly ParkedPlace[]) => {
      const shards = await Promise.all(
        SHARDS.map((shard) => {
          const ExclusiveStartKey = after.find((place) => place.shard === shard);
          // One more than wanted tells whether there is more.
          return partition('parked', { shard }, { Limit: limit + 1, ExclusiveStartKey });
        }),
      );
      const found = shards.flatMap(({ Items = [] }) => Items as ParkedOrder[]);
      const orders = found.sort((a, b) => a.parkedAt.localeCompare(b.parkedAt)).slice(0, limit);
      const places = orders.map(({ orderId, parkedAt, shard }) => ({ orderId, parkedAt, shard }));
      return { orders, ...(found.length > limit && { next: places.reduce(behind, after) }) };
    },
  };
};
