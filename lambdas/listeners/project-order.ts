import * as z from 'zod';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { OrderKept } from '../../events/order-kept.ts';
import { updateIf } from '../runtime/conditional-write.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type EventOf, listener } from '../runtime/listener.ts';
import { logger } from '../runtime/logger.ts';
import { closedAs, type Outcome, UNCANCELLED } from '../runtime/outcome.ts';

const contracts = [OrderConfirmed, OrderKept, OrderCancelled];
type Completion = EventOf<(typeof contracts)[number]>;

/** The condition under which an event changes anything, with the values and names in it. */
interface News {
  readonly outcome: Outcome;
  readonly condition: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, string>>;
}

const newsOf = ({ type, metadata: { occurredAt: endedAt }, data }: Completion): News => {
  switch (type) {
    case 'OrderConfirmed':
      return { outcome: { status: 'CONFIRMED', endedAt }, condition: 'attribute_not_exists(outcome)' };
    case 'OrderKept':
      return {
        outcome: { status: 'CONFIRMED', endedAt, isKept: true },
        // An order that waits in an undo since another time than this one is being cancelled once more.
        condition: `${UNCANCELLED.condition} AND (attribute_not_exists(parkedAt) OR parkedAt = :parkedAt OR parking.#state <> :undo)`,
        names: { ...UNCANCELLED.names, '#state': 'state' },
        values: { ...UNCANCELLED.values, ':parkedAt': data.parkedAt, ':undo': 'ParkUndo' },
      };
    case 'OrderCancelled':
      return { outcome: { status: 'CANCELLED', endedAt, reason: data.reason }, ...UNCANCELLED };
  }
};

/**
 * Keeps the read model: how each order ended, beside the order as it was placed. Events come in any order and more than
 * once. So an order that has ended is not confirmed again, as it may be under cancellation; it is kept if its cancellation
 * was called off; and CANCELLED is final.
 */
export const projectOrder =
  (table: string) =>
  async (event: Completion): Promise<void> => {
    const { orderId } = event.data;
    const { outcome, condition, names, values } = newsOf(event);
    const { UpdateExpression, ExpressionAttributeValues } = closedAs(orderId, outcome);
    const write = await updateIf({
      TableName: table,
      Key: { orderId },
      UpdateExpression,
      // Without the first half, an event about a deleted order would create half a record.
      ConditionExpression: `attribute_exists(orderId) AND ${condition}`,
      ...(names && { ExpressionAttributeNames: names }),
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ...values },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    if (write.isWritten) return;
    if (!write.refusal.Item) throw write.refusal;
    logger.info('outcome already known');
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = listener(contracts, projectOrder(ORDERS_TABLE));
