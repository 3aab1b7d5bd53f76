import { QueryCommand, type QueryCommandInput, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { updateIf } from '../runtime/conditional-write.ts';
import { allItems, documents, itemByKey, itemsByKeys } from '../runtime/dynamodb.ts';
import { closedAs, type Outcome, outcomeShard, SHARDS, shardOf, UNCANCELLED } from '../runtime/outcome.ts';
import type { Resolution } from '../runtime/undo-task.ts';
import type { GoOnFrom } from './go-on-from.ts';

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  /** Minor units (cents) of the order's currency, for one piece. */
  readonly unitPriceCents: number;
}

/**
 * An order as it was placed: written once, before its workflow starts, and what the workflow is started with. Who ordered
 * it, where it goes and how it is paid for is not in it (`personal-data.ts`).
 */
export interface PlacedOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly correlationId: string;
  readonly items: readonly OrderLine[];
  readonly totalCents: number;
  readonly currency: string;
  /** RFC 3339, UTC. */
  readonly placedAt: string;
}

/** That the order waits for an operator, and for what: written by `park-order`. */
export interface Parking {
  /** Where the workflow waits: `ParkUndo`, `ParkConfirmation`, `ParkKeeping`, `ParkCancellation`; `Recovery` where it has ended. */
  readonly state: string;
  /** The name of the error that would not pass. */
  readonly error: string;
  /** What wakes the workflow; none where it has ended. */
  readonly token?: string;
  /** Of `Recovery`: everybody was told. A workflow that waits has told it, or is tried again. */
  readonly isTold?: boolean;
  readonly resolutions: Readonly<Record<string, Resolution>>;
}

/** One attempt of a workflow to have an order wait: of two the later one counts, whichever is written last. */
export interface Wait {
  /** When its state was entered, or when its execution has ended (RFC 3339, UTC): tells one parking from the next. */
  readonly parkedAt: string;
  /** How often the state was tried again before. */
  readonly retries: number;
}

/** In the order of the waits. */
const waitKey = ({ parkedAt, retries }: Wait) => `${parkedAt}#${String(retries).padStart(3, '0')}`;

/** An operator lets the order go on: written by `resume-order`, before it does. */
export interface Resumption {
  /** Where it had been waiting. */
  readonly state: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  /** Who it was: the identity that the authorizer has checked. */
  readonly by: string;
  /** What was settled by hand, by the undo's state name; why it is kept, by `KeepShipment`. */
  readonly notes: Readonly<Record<string, string>>;
  /** Whether it took effect is not known: another may try. */
  readonly isInDoubt?: boolean;
}

export interface OrderRecord extends PlacedOrder {
  /** Tells the same request from another one under the same idempotency key; gone with the personal data. */
  readonly requestHash?: string;
  /** Its personal data is gone: since when, and by whom. */
  readonly erased?: { readonly at: string; readonly by: string };
  readonly outcome?: Outcome;
  /** That its cancellation was asked for, when it had been confirmed, and by whom. */
  readonly cancelling?: { readonly at: string; readonly by: string };
  /** RFC 3339, UTC; there while it has not ended, or is being cancelled. */
  readonly openSince?: string;
  /**
   * RFC 3339, UTC: when `reconcile-orders` looked at it last, at first when it was opened; there while it is open: the
   * index `open` holds just those, who has waited longest first.
   */
  readonly lookedAt?: string;
  /** Which part of the indexes `open`, `parked` and `byTime` is its. */
  readonly shard?: string;
  /** Which part of the index `byOutcome` is its; there once it has ended. */
  readonly outcomeShard?: string;
  /** RFC 3339, UTC; there while it is parked: the index `parked` holds just those. */
  readonly parkedAt?: string;
  readonly parking?: Parking;
  /** The latest wait that there was, whether or not the order still waits. */
  readonly lastWait?: string;
  /** That someone should look at it, and why: written by the listener `flag-for-review`. `since` is RFC 3339, UTC. */
  readonly review?: { readonly signals: readonly string[]; readonly since: string };
  /** By the `parkedAt` of the wait that each ends, whatever clock it was made by; absent where it has never been parked. */
  readonly resumptions?: Readonly<Record<string, Resumption>>;
}

/** A page of orders and the cursor of the next one. */
export interface OrderPage {
  readonly orders: readonly OrderRecord[];
  readonly next?: Readonly<Record<string, unknown>>;
}

/** What opens an order at its placement: it waits for its first look from then on. */
export const openedAt = (orderId: string, at: string) => ({
  openSince: at,
  lookedAt: at,
  shard: shardOf(orderId),
});

/** Where an order is in the indexes by time. */
export type Placement = Required<Pick<OrderRecord, 'orderId' | 'placedAt' | 'shard'>>;

/** Where an order is among the parked ones. */
export type ParkedPlace = Required<Pick<OrderRecord, 'orderId' | 'parkedAt' | 'shard'>>;

/** An order of the index `parked`: what it waits for came with since when. */
type ParkedOrder = OrderRecord & Required<Pick<OrderRecord, 'parkedAt' | 'parking' | 'shard'>>;

/** An order of the index `open`, as far as its turn goes: the index may be behind, so nothing else of it is relied on. */
export type Waiting = Pick<OrderRecord, 'orderId' | 'correlationId' | 'lookedAt'>;

/** Rows of each shard read at a time; as many records as DynamoDB gives at once. */
const PAGE = 100;

/** So many times a list looks through a page for orders that are rare: a small part of a function's time. */
const LOOKS = 10;

/** The place of each shard behind which its next page begins, after one more order. */
const behind = <Place extends { readonly shard: string }>(
  places: readonly Place[],
  last: Place,
): readonly Place[] => [...places.filter(({ shard }) => shard !== last.shard), last];

/** That an order has not ended as it does where it goes on from there: confirmed, kept, or undone. */
const UNTOLD: Readonly<
  Record<GoOnFrom, Pick<typeof UNCANCELLED, 'condition'> & Partial<typeof UNCANCELLED>>
> = {
  PublishOrderConfirmed: { condition: 'attribute_not_exists(outcome)' },
  KeepShipment: { condition: 'attribute_exists(openSince)' },
  CancelShipment: UNCANCELLED,
};

/** The orders table: `orderId`, the indexes `byCustomer` and `byTime` on `customerId` or `shard` and `placedAt`, and the sparse ones `open` and `parked`. */
export const orderTable = (table: string) => {
  /** @returns undefined where the order was not as the condition wants it, else what the change asks to be returned */
  const changed = async (orderId: string, change: Partial<UpdateCommandInput>) => {
    const write = await updateIf({ TableName: table, Key: { orderId }, ...change });
    return write.isWritten ? write.attributes : undefined;
  };
  /** @returns whether the order was as the condition wants it */
  const update = async (orderId: string, change: Partial<UpdateCommandInput>): Promise<boolean> =>
    (await changed(orderId, change)) !== undefined;

  /** A page of one partition of an index; the key that it begins after has to name the partition too. */
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

  /** A page of a shard of the index `open`: who has waited longest comes first. */
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

  /** The newest of all shards, merged. Among those of one moment a shard's own order stays: its next page begins by it. */
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

  /** Every item of a sparse index, for what is known to be few. */
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
    /** Consistent: an order that has just been answered for is there. */
    get: (orderId: string): Promise<OrderRecord | undefined> => itemByKey(table, { orderId }),

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
     * Orders, every one or those that have ended so, newest first, as they are now. A page looks at a thousand, and may
     * end before it has found as many as asked for.
     * @param after the last order of each shard that was looked at before
     * @param isWanted which of those that have ended so: one that has may wait for an operator, or be cancelled since
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

    /**
     * The order waits for an operator; not one that has come to its end meanwhile, nor by a call that comes late: what it
     * would write is over, and its token dead.
     * @param from where it goes on: of what it waits for nobody has been told yet
     */
    park: (orderId: string, wait: Wait, parking: Parking, from: GoOnFrom): Promise<boolean> => {
      const { condition, names, values } = UNTOLD[from];
      return update(orderId, {
        UpdateExpression:
          'SET parkedAt = :parkedAt, parking = :parking, lastWait = :wait, resumptions = if_not_exists(resumptions, :none)',
        ConditionExpression: [
          'attribute_exists(orderId)',
          condition,
          '(attribute_not_exists(lastWait) OR lastWait <= :wait)',
          // The same once more, as long as it waits: an answer was lost.
          '(attribute_not_exists(lastWait) OR lastWait <> :wait OR attribute_exists(parkedAt))',
        ].join(' AND '),
        ...(names && { ExpressionAttributeNames: names }),
        ExpressionAttributeValues: {
          ':parkedAt': wait.parkedAt,
          ':parking': parking,
          ':wait': waitKey(wait),
          ':none': {},
          ...values,
        },
      });
    },

    /** Everybody was told that the order waits so. */
    told: (orderId: string, parkedAt: string): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'SET parking.isTold = :true',
        ConditionExpression: 'parkedAt = :parkedAt',
        ExpressionAttributeValues: { ':parkedAt': parkedAt, ':true': true },
      }),

    /**
     * One operator's word to an order that waits counts, the first one's: on record before it is acted upon, so that it
     * stays there whatever becomes of the order then. A word that has been left half-way, or is in doubt, is replaced.
     * @param staleBefore RFC 3339, UTC: a word of before that has been left half-way
     * @returns `first`; `repeated`, where another word may have taken effect already; `lost`, where another one is at work,
     *   or the order does not wait as it did
     */
    resume: async (
      orderId: string,
      parkedAt: string,
      resumption: Resumption,
      staleBefore: string,
    ): Promise<'first' | 'repeated' | 'lost'> => {
      const word = (ConditionExpression: string, values: object, names: object = {}) =>
        update(orderId, {
          UpdateExpression: 'SET resumptions.#parkedAt = :resumption',
          ConditionExpression: `parkedAt = :parkedAt AND ${ConditionExpression}`,
          ExpressionAttributeNames: { '#parkedAt': parkedAt, ...names },
          ExpressionAttributeValues: { ':parkedAt': parkedAt, ':resumption': resumption, ...values },
        });
      if (await word('attribute_not_exists(resumptions.#parkedAt)', {})) return 'first';
      const isRepeated = await word(
        '(resumptions.#parkedAt.#at < :stale OR resumptions.#parkedAt.isInDoubt = :true)',
        { ':stale': staleBefore, ':true': true },
        { '#at': 'at' },
      );
      return isRepeated ? 'repeated' : 'lost';
    },

    /** The engine was asked to go on, and has not answered: whoever asks next need not wait. */
    doubtResumption: (orderId: string, parkedAt: string, { at }: Resumption): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'SET resumptions.#parkedAt.isInDoubt = :true',
        ConditionExpression: 'resumptions.#parkedAt.#at = :at',
        ExpressionAttributeNames: { '#parkedAt': parkedAt, '#at': 'at' },
        ExpressionAttributeValues: { ':at': at, ':true': true },
      }),

    /** The order waits so no more. Another wait, and the same one by a later token, stays. */
    unpark: (orderId: string, parkedAt: string, { token }: Parking): Promise<boolean> =>
      update(orderId, {
        UpdateExpression: 'REMOVE parkedAt, parking',
        ConditionExpression: `parkedAt = :parkedAt AND ${token ? 'parking.#token = :token' : 'attribute_not_exists(parking.#token)'}`,
        ExpressionAttributeNames: { '#token': 'token' },
        ExpressionAttributeValues: { ':parkedAt': parkedAt, ...(token && { ':token': token }) },
      }),

    /**
     * A confirmed order is being cancelled: it is open again until it is.
     * @param confirmed the outcome that was read
     * @returns false where it has ended anew since
     */
    reopen: (orderId: string, { endedAt }: Outcome, openSince: string, by: string): Promise<boolean> =>
      update(orderId, {
        // Its turn begins anew: who had looked at it as it was before can no longer settle it.
        UpdateExpression:
          'SET openSince = if_not_exists(openSince, :openSince), lookedAt = :openSince, cancelling = if_not_exists(cancelling, :cancelling)',
        ConditionExpression: 'outcome.endedAt = :endedAt AND outcome.#status = :confirmed',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: {
          ':openSince': openSince,
          ':cancelling': { at: openSince, by },
          ':endedAt': endedAt,
          ':confirmed': 'CONFIRMED',
        },
      }),

    /** Open orders that nobody has looked at since `before` (RFC 3339, UTC), page by page, who has waited longest first. */
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

    /**
     * The order goes to the end of the queue before anybody looks at it: whatever becomes of the look, the others have
     * their turn first, and of two who would look at once one does.
     * @returns the order as it is now (consistent); undefined where it has ended, or another has looked at it meanwhile
     */
    takeTurn: async ({ orderId, lookedAt }: Waiting, now: string): Promise<OrderRecord | undefined> =>
      (await changed(orderId, {
        UpdateExpression: 'SET lookedAt = :now',
        ConditionExpression: 'lookedAt = :lookedAt',
        ExpressionAttributeValues: { ':now': now, ':lookedAt': lookedAt },
        ReturnValues: 'ALL_NEW',
      })) as OrderRecord | undefined,

    /** What `project-order` writes, for an order whose last event was missed; not where it was settled, opened or looked at since. */
    settle: ({ orderId, lookedAt }: Waiting, outcome: Outcome): Promise<boolean> => {
      const { UpdateExpression, ExpressionAttributeValues } = closedAs(orderId, outcome);
      return update(orderId, {
        UpdateExpression,
        ConditionExpression: 'lookedAt = :lookedAt',
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':lookedAt': lookedAt },
      });
    },

    // Later than any time there is.
    open: (): Promise<OrderRecord[]> => whole((shard, page) => waitingIn(shard, '~', page)),

    parked: (): Promise<OrderRecord[]> => whole((shard, page) => partition('parked', { shard }, page)),

    /** A page of the parked orders, who has waited longest first. @param after the last one of each shard before it */
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
export type OrderTable = ReturnType<typeof orderTable>;
