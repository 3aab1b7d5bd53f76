import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '../runtime/dynamodb.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import { PaymentDeclinedError, PaymentProviderUnavailableError } from './errors.ts';
import { chargeKey, type PaymentProvider, refundKey } from './provider.ts';

/**
 * A payment provider for development: it keeps its own books (`key`, `chargedCents`, `refundedCents`, `isClosed`), so that a
 * ledger of ours that lies is found out. Payment methods, after Stripe's test values:
 *
 *   pm_card_visa         charges
 *   pm_card_declined     declines
 *   pm_card_unavailable  does not answer
 *   any other            declines, as a method it does not know
 */
export const sandboxProvider = (table: string): PaymentProvider => {
  const charge: PaymentProvider['charge'] = async (request) => {
    const { orderId, amountCents, currency, paymentMethod } = request;
    if (paymentMethod === 'pm_card_unavailable') throw new PaymentProviderUnavailableError(orderId);
    const key = chargeKey(orderId);
    const { Item: earlier } = await documents.send(
      new GetCommand({ TableName: table, Key: { key }, ConsistentRead: true }),
    );
    if (earlier?.isClosed) throw new OrderAlreadyCancelledError(orderId);
    if (earlier) return { chargeId: earlier.chargeId as string };
    if (paymentMethod === 'pm_card_declined')
      throw new PaymentDeclinedError(orderId, 'the card was declined');
    if (paymentMethod !== 'pm_card_visa') throw new PaymentDeclinedError(orderId, 'no such payment method');
    const chargeId = `ch_${orderId}`;
    try {
      await documents.send(
        new PutCommand({
          TableName: table,
          Item: { key, orderId, chargeId, currency, chargedCents: amountCents, refundedCents: 0 },
          ConditionExpression: 'attribute_not_exists(#key)',
          ExpressionAttributeNames: { '#key': 'key' },
        }),
      );
      return { chargeId };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return charge(request);
      throw error;
    }
  };

  /** One write does all of it: an open key has no moment after the refund. Who closes it first decides. */
  const close = async (orderId: string, refunded: string, values = {}): Promise<void> => {
    try {
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { key: chargeKey(orderId) },
          UpdateExpression: `SET orderId = :orderId, isClosed = :true, chargedCents = if_not_exists(chargedCents, :zero), ${refunded}`,
          ConditionExpression: 'attribute_not_exists(isClosed)',
          ExpressionAttributeValues: { ':orderId': orderId, ':zero': 0, ':true': true, ...values },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };

  return {
    charge,
    refund: (orderId) =>
      close(orderId, 'refundedCents = if_not_exists(chargedCents, :zero), refundKey = :refundKey', {
        ':refundKey': refundKey(orderId),
      }),
    close: (orderId) => close(orderId, 'refundedCents = if_not_exists(refundedCents, :zero)'),
  };
};
