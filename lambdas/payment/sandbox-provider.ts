import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { documents, itemByKey } from '../runtime/dynamodb.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import { sandboxBook } from '../runtime/sandbox-book.ts';
import { NotFromProviderError, PaymentDeclinedError, PaymentProviderUnavailableError } from './errors.ts';
import type { PaymentProvider } from './provider.ts';

/** What the provider does with a payment method; any other is one that it does not know. */
const METHODS: ReadonlyMap<string, { readonly declineReason?: string }> = new Map([
  ['pm_card_visa', {}],
  ['pm_card_declined', { declineReason: 'the card was declined' }],
]);

/**
 * A payment provider for development: it keeps its own books (`intentId`, `orderId`, `status` PREPARED, CHARGED or
 * CANCELLED, `chargedCents`, `refundedCents`), so that a ledger of ours that lies is found out. It has no idempotency keys:
 * those of a real one are forgotten after a day. Payment methods, after Stripe's test values:
 *
 *   pm_card_visa         charges
 *   pm_card_declined     declines, once it is to be charged
 *   pm_card_unavailable  does not answer
 *   any other            declines, as a method it does not know
 */
export const sandboxProvider = (table: string): PaymentProvider => {
  const { add, change } = sandboxBook(table, 'intentId');

  /** @returns whether it was charged before */
  const cancel = async (intentId: string, update: string, values = {}): Promise<boolean> => {
    const cancelled = await change(intentId, update, '#status = :prepared', {
      ':cancelled': 'CANCELLED',
      ...values,
    });
    return !cancelled.isWritten && cancelled.refusal.Item?.status?.S === 'CHARGED';
  };

  return {
    prepare: async ({ orderId, amountCents, currency, paymentMethod }) => {
      if (paymentMethod === 'pm_card_unavailable') throw new PaymentProviderUnavailableError(orderId);
      const method = METHODS.get(paymentMethod);
      if (!method) throw new PaymentDeclinedError(orderId, 'no such payment method');
      const intentId = `pi_${randomUUID()}`;
      const amounts = { amountCents, chargedCents: 0, refundedCents: 0, currency };
      await add({ intentId, orderId, status: 'PREPARED', ...amounts, ...method });
      return intentId;
    },

    commit: async ({ orderId, intentId }) => {
      const charged = await change(
        intentId,
        'SET #status = :charged, chargedCents = amountCents',
        '#status = :prepared AND attribute_not_exists(declineReason)',
        { ':charged': 'CHARGED' },
      );
      const { status, refundedCents, declineReason } = charged.isWritten ? {} : (charged.refusal.Item ?? {});
      const stands = charged.isWritten || (status?.S === 'CHARGED' && refundedCents?.N === '0');
      if (stands) return { chargeId: intentId.replace('pi_', 'ch_') };
      if (status?.S === 'PREPARED') throw new PaymentDeclinedError(orderId, declineReason?.S ?? '');
      throw new OrderAlreadyCancelledError(orderId);
    },

    awaited: async () => ({ by: 'nobody' }),

    undo: async ({ intentId }) => {
      if (!(await cancel(intentId, 'SET #status = :cancelled'))) return;
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { intentId },
          UpdateExpression: 'SET refundedCents = chargedCents',
        }),
      );
    },

    isGivenBack: async ({ intentId }) => {
      const book = await itemByKey<{ chargedCents: number; refundedCents: number }>(table, { intentId });
      return book?.chargedCents === book?.refundedCents;
    },

    close: async ({ intentId }) => {
      await cancel(intentId, 'SET #status = :cancelled, cancellationReason = :abandoned', {
        ':abandoned': 'abandoned',
      });
    },

    noticeOf: async () => {
      throw new NotFromProviderError();
    },
  };
};
