import { updateIf } from '../runtime/conditional-write.ts';
import { logger } from '../runtime/logger.ts';
import { wake } from '../runtime/step-functions.ts';
import { type Awaiting, FREE, PAYMENT_STATES, paymentEntry } from './payment-ledger.ts';
import type { Awaited, PaymentProvider } from './provider.ts';

const NOBODY: Awaited = { by: 'nobody' };

/** Charges that others have to decide, and the workflows that wait for them: the ledger's entries have their tokens. */
export const awaitedPayments = ({
  table,
  provider,
}: {
  readonly table: string;
  readonly provider: Pick<PaymentProvider, 'awaited'>;
}) => {
  /**
   * Asks the provider by whom an order's charge is awaited, and wakes the workflow that waits for somebody else. It then
   * charges again, which decides: so whoever calls, and however often, says only that there is something to see.
   * @param intentId if given, looks only where that is the charge on record
   * @throws PaymentProviderUnavailableError
   */
  const look = async (orderId: string, intentId?: string): Promise<Awaited> => {
    const entry = await paymentEntry(table, orderId);
    if (!entry || (intentId !== undefined && entry.handle !== intentId)) return NOBODY;
    const { correlationId, state, handle, awaiting } = entry;
    logger.appendKeys({ orderId, correlationId });
    const isOpen = state === PAYMENT_STATES.doing && handle !== undefined && handle !== FREE;
    const awaited = isOpen ? await provider.awaited({ orderId, intentId: handle }) : NOBODY;
    if (awaiting && awaiting.by !== awaited.by && (await wake(awaiting.token, {})))
      logger.info('payment no longer awaited', { by: awaiting.by });
    return awaited;
  };

  return {
    look,

    /** Records who waits. Of two the later counts, whichever is written last: the earlier one's token is dead. */
    record: async (orderId: string, awaiting: Awaiting): Promise<void> => {
      await updateIf({
        TableName: table,
        Key: { orderId },
        UpdateExpression: 'SET awaiting = :awaiting',
        ConditionExpression:
          'attribute_exists(orderId) AND (attribute_not_exists(awaiting) OR awaiting.since <= :since)',
        ExpressionAttributeValues: { ':awaiting': awaiting, ':since': awaiting.since },
      });
    },
  };
};
export type AwaitedPayments = ReturnType<typeof awaitedPayments>;
