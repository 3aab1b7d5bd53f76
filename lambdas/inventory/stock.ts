import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { documents } from '../runtime/dynamodb.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import { VOIDED } from '../runtime/ledger.ts';
import type { Undo } from '../runtime/undo-task.ts';
import { InventoryUnavailableError, OutOfStockError, StockMissingError } from './errors.ts';

/** A quantity of one SKU. An order names a SKU once: a transaction may not touch an item twice. */
export const ReservedItem = z.object({ sku: z.string().min(1), quantity: z.int().positive() });
export type ReservedItem = z.infer<typeof ReservedItem>;

interface Reservation {
  readonly orderId: string;
  readonly correlationId: string;
  readonly state: 'RESERVED' | 'RELEASED' | typeof VOIDED;
  readonly items: readonly ReservedItem[];
}

interface Tables {
  /** `{sku, available}` */
  readonly stock: string;
  /** `{orderId, correlationId, state, items}` */
  readonly reservations: string;
}

const StockEnv = z.object({ STOCK_TABLE: ResourceName, RESERVATIONS_TABLE: ResourceName });

/**
 * The stock and the reservations on it, in our own hands: no outside world, so a reservation is one transaction and
 * needs no intent before it. `available` plus the quantities of all RESERVED reservations never changes.
 */
export const stockOf = ({ stock, reservations }: Tables) => {
  const read = async (orderId: string): Promise<Reservation | undefined> => {
    const { Item } = await documents.send(
      new GetCommand({ TableName: reservations, Key: { orderId }, ConsistentRead: true }),
    );
    return Item as Reservation | undefined;
  };

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

  /** The cancellation reasons of a transaction, by position; undefined where it went through. */
  const reasonsAgainst = async (write: TransactWriteCommand): Promise<readonly string[] | undefined> => {
    try {
      await documents.send(write);
      return undefined;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      return error.CancellationReasons?.map(({ Code }) => Code ?? 'None') ?? [];
    }
  };

  /** The SKUs whose lines did not meet their condition, by the reasons against each line. */
  const refusedSkus = (items: readonly ReservedItem[], reasons: readonly string[]): readonly string[] =>
    items.filter((_, line) => reasons[line] === 'ConditionalCheckFailed').map(({ sku }) => sku);

  const release = async (order: Undo): Promise<void> => {
    const { orderId, resolution } = order;
    const reservation = await read(orderId);
    if (!reservation) return (await fence(order)) ? undefined : release(order);
    if (reservation.state !== 'RESERVED') return;
    const refused = await reasonsAgainst(
      new TransactWriteCommand({
        TransactItems: [
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
          // Settled by hand: whoever did it has counted the goods.
          ...(resolution ? [] : reservation.items.map(putBack)),
        ],
      }),
    );
    if (!refused) return;
    const [moved, ...lines] = refused;
    if (moved === 'ConditionalCheckFailed') return;
    const missing = refusedSkus(reservation.items, lines);
    throw missing.length > 0
      ? new StockMissingError(orderId, missing)
      : new InventoryUnavailableError(orderId);
  };

  /** Nothing is reserved, and from now on nothing can be. False where a reservation came first. */
  const fence = async ({ orderId, correlationId, resolution }: Undo): Promise<boolean> => {
    try {
      await documents.send(
        new PutCommand({
          TableName: reservations,
          Item: { orderId, correlationId, state: VOIDED, items: [], resolution },
          ConditionExpression: 'attribute_not_exists(orderId)',
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    /**
     * All lines of the order or none, once; a repeat finds the reservation and is content.
     * @throws OutOfStockError naming the SKUs, also those that were never stocked; OrderAlreadyCancelledError at a fence; InventoryUnavailableError
     */
    reserve: async ({ orderId, correlationId, items }: Omit<Reservation, 'state'>): Promise<void> => {
      const refused = await reasonsAgainst(
        new TransactWriteCommand({
          TransactItems: [
            {
              Put: {
                TableName: reservations,
                Item: { orderId, correlationId, state: 'RESERVED', items },
                ConditionExpression: 'attribute_not_exists(orderId)',
              },
            },
            ...items.map(take),
          ],
        }),
      );
      if (!refused) return;
      const [reservation, ...lines] = refused;
      if (reservation === 'ConditionalCheckFailed') {
        const earlier = await read(orderId);
        if (earlier?.state === 'RESERVED') return;
        throw new OrderAlreadyCancelledError(orderId);
      }
      const missing = refusedSkus(items, lines);
      throw missing.length > 0
        ? new OutOfStockError(orderId, missing)
        : new InventoryUnavailableError(orderId);
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
