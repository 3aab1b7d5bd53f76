import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { putIf, updateIf } from '../runtime/conditional-write.ts';
import { documents, itemByKey } from '../runtime/dynamodb.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import type { Carrier, ShipmentRequest } from './carrier.ts';
import { AddressUndeliverableError, CarrierUnavailableError, ShipmentDispatchedError } from './errors.ts';

/** What the carrier has of a parcel. */
interface Parcel {
  readonly status: 'BOOKED' | 'DISPATCHED' | 'CANCELLED';
  readonly trackingNumber: string;
  readonly isClosed?: boolean;
}

/**
 * A carrier for development: it keeps its own book of parcels (`reference`, `status` BOOKED, DISPATCHED or CANCELLED, `isClosed`), so that a
 * ledger of ours that lies is found out. It forgets the address, as nothing is carried anywhere. Postal codes:
 *
 *   00000      undeliverable
 *   88888      the parcel leaves at once, and cannot be cancelled
 *   99999      the carrier does not answer
 *   any other  delivered
 */
export const sandboxCarrier = (table: string): Carrier => {
  const create: Carrier['create'] = async (request) => {
    const { orderId: reference, items, shippingAddress } = request;
    if (shippingAddress.postalCode === '99999') throw new CarrierUnavailableError(reference);
    const earlier = await itemByKey<Parcel>(table, { reference });
    if (earlier?.isClosed) throw new OrderAlreadyCancelledError(reference);
    if (earlier) return { trackingNumber: earlier.trackingNumber };
    if (shippingAddress.postalCode === '00000') {
      throw new AddressUndeliverableError(reference, 'no delivery to its postal code');
    }
    const trackingNumber = `SBX${reference.replace(/\W|_/g, '').toUpperCase()}`;
    const { isWritten } = await putIf({
      TableName: table,
      Item: { reference, trackingNumber, status: statusFor(shippingAddress), items },
      ConditionExpression: 'attribute_not_exists(#reference)',
      ExpressionAttributeNames: { '#reference': 'reference' },
    });
    return isWritten ? { trackingNumber } : create(request);
  };

  return {
    create,
    cancel: async (reference) => {
      // One write does both: cancels what was booked, and closes the reference where nothing was.
      const cancelled = await updateIf({
        TableName: table,
        Key: { reference },
        UpdateExpression: 'SET #status = :cancelled, isClosed = :true',
        ConditionExpression:
          'attribute_not_exists(isClosed) AND (attribute_not_exists(#status) OR #status <> :dispatched)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':cancelled': 'CANCELLED', ':dispatched': 'DISPATCHED', ':true': true },
      });
      if (!cancelled.isWritten && !cancelled.refusal.Item?.isClosed)
        throw new ShipmentDispatchedError(reference);
    },
    close: async (reference) => {
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { reference },
          UpdateExpression: 'SET isClosed = :true, #status = if_not_exists(#status, :cancelled)',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':cancelled': 'CANCELLED', ':true': true },
        }),
      );
    },
    isDispatched: async (reference) => {
      const parcel = await itemByKey<Parcel>(table, { reference });
      return parcel?.status === 'DISPATCHED';
    },
  };
};

const statusFor = ({ postalCode }: ShipmentRequest['shippingAddress']) =>
  postalCode === '88888' ? 'DISPATCHED' : 'BOOKED';
