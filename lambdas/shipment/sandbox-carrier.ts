import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { documents } from '../runtime/dynamodb.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import type { Carrier, ShipmentRequest } from './carrier.ts';
import { AddressUndeliverableError, CarrierUnavailableError, ShipmentDispatchedError } from './errors.ts';

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
    const { Item: earlier } = await documents.send(
      new GetCommand({ TableName: table, Key: { reference }, ConsistentRead: true }),
    );
    if (earlier?.isClosed) throw new OrderAlreadyCancelledError(reference);
    if (earlier) return { trackingNumber: earlier.trackingNumber as string };
    if (shippingAddress.postalCode === '00000') {
      throw new AddressUndeliverableError(reference, 'no delivery to its postal code');
    }
    const trackingNumber = `SBX${reference.replace(/\W|_/g, '').toUpperCase()}`;
    try {
      await documents.send(
        new PutCommand({
          TableName: table,
          Item: { reference, trackingNumber, status: statusFor(shippingAddress), items },
          ConditionExpression: 'attribute_not_exists(#reference)',
          ExpressionAttributeNames: { '#reference': 'reference' },
        }),
      );
      return { trackingNumber };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return create(request);
      throw error;
    }
  };

  return {
    create,
    cancel: async (reference) => {
      try {
        // One write does both: cancels what was booked, and closes the reference where nothing was.
        await documents.send(
          new UpdateCommand({
            TableName: table,
            Key: { reference },
            UpdateExpression: 'SET #status = :cancelled, isClosed = :true',
            ConditionExpression:
              'attribute_not_exists(isClosed) AND (attribute_not_exists(#status) OR #status <> :dispatched)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: {
              ':cancelled': 'CANCELLED',
              ':dispatched': 'DISPATCHED',
              ':true': true,
            },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        if (!error.Item?.isClosed) throw new ShipmentDispatchedError(reference);
      }
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
      const { Item } = await documents.send(
        new GetCommand({ TableName: table, Key: { reference }, ConsistentRead: true }),
      );
      return Item?.status === 'DISPATCHED';
    },
  };
};

const statusFor = ({ postalCode }: ShipmentRequest['shippingAddress']) =>
  postalCode === '88888' ? 'DISPATCHED' : 'BOOKED';
