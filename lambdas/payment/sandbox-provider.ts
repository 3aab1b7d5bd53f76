import { putIf, updateIf } from '../runtime/conditional-write.ts';
import { itemByKey } from '../runtime/dynamodb.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import { PaymentDeclinedError, PaymentProviderUnavailableError } from './errors.ts';
import { chargeKey, type PaymentProvider, refundKey } from './provider.ts';

/** What the provider has of a charge. */
interface Charge {
  readonly chargeId: string;
  readonly isClosed?: boolean;
}

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
    const earlier = await itemByKey<Charge>(table, { key });
    if (earlier?.isClosed) throw new OrderAlreadyCancelledError(orderId);
    if (earlier) return { chargeId: earlier.chargeId };
    if (paymentMethod === 'pm_card_declined')
      throw new PaymentDeclinedError(orderId, 'the card was declined');
    if (paymentMethod !== 'pm_card_visa') throw new PaymentDeclinedError(orderId, 'no such payment method');
    const chargeId = `ch_${orderId}`;
    const { isWritten } = await putIf({
      TableName: table,
      Item: { key, orderId, chargeId, currency, chargedCents: amountCents, refundedCents: 0 },
      ConditionExpression: 'attribute_not_exists(#key)',
      ExpressionAttributeNames: { '#key': 'key' },
    });
    return isWritten ? { chargeId } : charge(request);
  };

  /**
   * All in one write, so that there is no moment when the money is back and the key still open. The first to close it
   * decides.
   */
  const close = async (orderId: string, refunded: string, values = {}): Promise<void> => {
    await updateIf({
      TableName: table,
      Key: { key: chargeKey(orderId) },
      UpdateExpression: `SET orderId = :orderId, isClosed = :true, chargedCents = if_not_exists(chargedCents, :zero), ${refunded}`,
      ConditionExpression: 'attribute_not_exists(isClosed)',
      ExpressionAttributeValues: { ':orderId': orderId, ':zero': 0, ':true': true, ...values },
    });
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
