import type { OrderCancelled } from '../../events/order-cancelled.ts';
import type { OrderConfirmed } from '../../events/order-confirmed.ts';
import type { OrderKept } from '../../events/order-kept.ts';
import { updateIf } from '../runtime/conditional-write.ts';
import type { EventOf } from '../runtime/listener.ts';

/** An end of an order that its customer hears of. */
export type Completion = EventOf<typeof OrderConfirmed | typeof OrderKept | typeof OrderCancelled>;

/** In the order in which they happen: what is kept was confirmed before, and a cancellation is final. */
const SEQUENCE: readonly Completion['type'][] = ['OrderConfirmed', 'OrderKept', 'OrderCancelled'];

/**
 * What customers were last told of their orders, so that they are told nothing older: the table `{orderId, correlationId,
 * told, expiresAt}`, where `told` is the event's type. What is older is decided by the type, not by a clock.
 * @param rememberedDays longer than an event can still come
 */
export const noticeTable = (table: string, rememberedDays: number) => ({
  /**
   * Notes what the customer is about to be told.
   * @returns false where that is outdated: they know, or are being told, what came later
   */
  note: async ({ type, metadata, data }: Completion): Promise<boolean> => {
    const notLater = SEQUENCE.slice(0, SEQUENCE.indexOf(type) + 1).map((each, place) => [
      `:known${place}`,
      each,
    ]);
    const { isWritten } = await updateIf({
      TableName: table,
      Key: { orderId: data.orderId },
      UpdateExpression: 'SET told = :type, correlationId = :correlationId, expiresAt = :expiresAt',
      ConditionExpression: ['attribute_not_exists(told)', ...notLater.map(([name]) => `told = ${name}`)].join(
        ' OR ',
      ),
      ExpressionAttributeValues: {
        ':type': type,
        ':correlationId': metadata.correlationId,
        ':expiresAt': Math.floor(Date.now() / 1_000) + rememberedDays * 86_400,
        ...Object.fromEntries(notLater),
      },
    });
    return isWritten;
  },
});
export type Notices = ReturnType<typeof noticeTable>;
