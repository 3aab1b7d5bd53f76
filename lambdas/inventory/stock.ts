import * as z from 'zod';
import { putIf } from '../runtime/conditional-write.ts';
import { itemByKey } from '../runtime/dynamodb.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import { VOIDED } from '../runtime/ledger.ts';
import { transactLines } from '../runtime/transaction.ts';
import type { Undo } from '../runtime/undo-task.ts';
import { InventoryUnavailableError, OutOfStockError, StockMissingError } from './errors.ts';

/** A quantity of one SKU. An order names a SKU once: a transaction may not touch an item twice. */
export const ReservedItem = z.object({ sku: z.string().min(1), quantity: z.int().positive() });
export type ReservedItem = z.infer<typeof ReservedItem>;

interface Reservation {
  readonly orderId: string;
  readonly correlationId: string;
  readonly state: 'RESERVED' | 'RELEASED' | typeof OUT_OF_STOCK | typeof VOIDED;
  readonly items: readonly ReservedItem[];
  /** Of OUT_OF_STOCK: what there was too little of. */
  readonly skus?: readonly string[];
}

/**
 * The fence of a refusal: an earlier attempt that is still under way takes nothing any more, even if there are goods
 * again.
 */
const OUT_OF_STOCK = 'OUT_OF_STOCK';

const skuOf = ({ sku }: ReservedItem) => sku;

interface Tables {
  /** `{sku, available}` */
  readonly stock: string;
  /** `{orderId, correlationId, state, items, skus}` */
  readonly reservations: string;
}

const StockEnv = z.object({ STOCK_TABLE: ResourceName, RESERVATIONS_TABLE: ResourceName });

/**
 * The stock and the reservations on it. Both are ours, with no outside world between them: a reservation is one
 * transaction, and needs no intent before it. `available` plus the quantities of all RESERVED reservations never changes.
 */
export const stockOf = ({ stock, reservations }: Tables) => {
  const read = (orderId: string) => itemByKey<Reservation>(reservations, { orderId });

  const take = ({ sku, quantity }: ReservedItem) => ({
    Update: {
      TableName: stock,
      Key: { sku },
      UpdateExpression: 'SET available = available - :quantity',
      ConditionExpression: 'available >= :quantity',
      ExpressionAttributeValues: { ':quantity': quantity },
    },
  });

  const putBack = ({ sku, quantity }: ReservedItem) => ({
    Update: {
      TableName: stock,
      Key: { sku },
      UpdateExpression: 'SET available = available + :quantity',
      ConditionExpression: 'attribute_exists(sku)',
      ExpressionAttributeValues: { ':quantity': quantity },
    },
  });

  const release = async (order: Undo): Promise<void> => {
    const { orderId, resolution } = order;
    const reservation = await read(orderId);
    if (!reservation) {
      const { correlationId } = order;
      const isFenced = await fence({ orderId, correlationId, state: VOIDED, items: [], resolution });
      return isFenced ? undefined : release(order);
    }
    if (reservation.state !== 'RESERVED') return;
    const refusal = await transactLines(
      {
        Update: {
          TableName: reservations,
          Key: { orderId },
          UpdateExpression: resolution
            ? 'SET #state = :released, resolution = :resolution'
            : 'SET #state = :released',
          ConditionExpression: '#state = :reserved',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: {
            ':reserved': 'RESERVED',
            ':released': 'RELEASED',
            ...(resolution && { ':resolution': resolution }),
          },
        },
      },
      // Settled by hand: whoever did that has already put the goods back.
      resolution ? [] : reservation.items,
      putBack,
      () => new InventoryUnavailableError(orderId),
    );
    if (refusal && !refusal.byItem) throw new StockMissingError(orderId, refusal.lines.map(skuOf));
  };

  /** Records that nothing is reserved, and nothing can be from now on. @returns false where a reservation came first */
  const fence = async (
    reservation: Reservation & { readonly resolution?: Undo['resolution'] },
  ): Promise<boolean> => {
    const { isWritten } = await putIf({
      TableName: reservations,
      Item: reservation,
      ConditionExpression: 'attribute_not_exists(orderId)',
    });
    return isWritten;
  };

  return {
    /**
     * All lines of the order or none, once; a repeat finds the reservation, or the refusal, and answers the same.
     * @throws OutOfStockError naming the SKUs, also those that were never stocked; OrderAlreadyCancelledError at a fence; InventoryUnavailableError
     */
    reserve: async ({
      orderId,
      correlationId,
      items,
    }: Pick<Reservation, 'orderId' | 'correlationId' | 'items'>): Promise<void> => {
      const refusal = await transactLines(
        {
          Put: {
            TableName: reservations,
            Item: { orderId, correlationId, state: 'RESERVED', items },
            ConditionExpression: 'attribute_not_exists(orderId)',
          },
        },
        items,
        take,
        () => new InventoryUnavailableError(orderId),
      );
      if (!refusal) return;
      const skus = refusal.lines.map(skuOf);
      if (!refusal.byItem) await fence({ orderId, correlationId, state: OUT_OF_STOCK, items: [], skus });
      // Whoever was first decides: this attempt, an earlier one that is still under way, or an undo.
      const decided = await read(orderId);
      if (decided?.state === OUT_OF_STOCK) throw new OutOfStockError(orderId, decided.skus ?? []);
      if (decided?.state !== 'RESERVED') throw new OrderAlreadyCancelledError(orderId);
    },

    /**
     * Puts back what the order holds; where it holds nothing, makes sure that it never will.
     * With a resolution the goods were put back by hand: it is recorded, and the stock left alone.
     * @throws StockMissingError naming the SKUs that the stock has no row for any more; InventoryUnavailableError
     */
    release,
  };
};
export type Stock = ReturnType<typeof stockOf>;

export const stock = (): Stock => {
  const { STOCK_TABLE, RESERVATIONS_TABLE } = env(StockEnv);
  return stockOf({ stock: STOCK_TABLE, reservations: RESERVATIONS_TABLE });
};
