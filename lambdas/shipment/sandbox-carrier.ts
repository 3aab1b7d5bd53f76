import { randomUUID } from 'node:crypto';
import { itemByKey } from '../runtime/dynamodb.ts';
import { OrderAlreadyCancelledError } from '../runtime/errors.ts';
import { sandboxBook } from '../runtime/sandbox-book.ts';
import type { Carrier } from './carrier.ts';
import { AddressUndeliverableError, CarrierUnavailableError, ShipmentDispatchedError } from './errors.ts';

/** What the carrier has of a parcel. */
interface Parcel {
  readonly status: 'PREPARED' | 'REFUSED' | 'BOOKED' | 'DISPATCHED' | 'CANCELLED';
}

const trackingNumberOf = (orderId: string) => `SBX${orderId.replace(/\W|_/g, '').toUpperCase()}`;

/** What becomes of a parcel when it is booked. */
const bookedAs = (postalCode: string) => (postalCode === '88888' ? 'DISPATCHED' : 'BOOKED');

/**
 * A carrier for development: it keeps its own book of parcels (`shipmentId`, `orderId`, `status` PREPARED, REFUSED, BOOKED,
 * DISPATCHED or CANCELLED, `trackingNumber`), so that a ledger of ours that lies is found out. It forgets the address, as
 * nothing is carried anywhere. Postal codes:
 *
 *   00000      undeliverable
 *   88888      the parcel leaves at once, and cannot be cancelled
 *   99999      the carrier does not answer
 *   any other  delivered
 */
export const sandboxCarrier = (table: string): Carrier => {
  const { add, change } = sandboxBook(table, 'shipmentId');

  return {
    prepare: async ({ orderId, items, shippingAddress: { postalCode } }) => {
      if (postalCode === '99999') throw new CarrierUnavailableError(orderId);
      const shipmentId = `shp_${randomUUID()}`;
      const status = postalCode === '00000' ? 'REFUSED' : 'PREPARED';
      await add({
        shipmentId,
        orderId,
        status,
        items,
        bookedAs: bookedAs(postalCode),
        trackingNumber: trackingNumberOf(orderId),
      });
      if (status === 'REFUSED')
        throw new AddressUndeliverableError(orderId, 'no delivery to its postal code');
      return shipmentId;
    },

    commit: async ({ orderId, shipmentId }) => {
      const booked = await change(shipmentId, 'SET #status = bookedAs', '#status = :prepared', {});
      const status = booked.isWritten ? 'BOOKED' : booked.refusal.Item?.status?.S;
      if (status !== 'BOOKED' && status !== 'DISPATCHED') throw new OrderAlreadyCancelledError(orderId);
      return { trackingNumber: trackingNumberOf(orderId) };
    },

    undo: async ({ orderId, shipmentId }) => {
      const cancelled = await change(
        shipmentId,
        'SET #status = :cancelled',
        '#status = :prepared OR #status = :booked',
        { ':booked': 'BOOKED', ':cancelled': 'CANCELLED' },
      );
      if (!cancelled.isWritten && cancelled.refusal.Item?.status?.S === 'DISPATCHED')
        throw new ShipmentDispatchedError(orderId);
    },

    close: async ({ shipmentId }) => {
      await change(
        shipmentId,
        'SET #status = :cancelled, cancellationReason = :abandoned',
        '#status = :prepared',
        { ':abandoned': 'abandoned', ':cancelled': 'CANCELLED' },
      );
    },

    isDispatched: async ({ shipmentId }) =>
      (await itemByKey<Parcel>(table, { shipmentId }))?.status === 'DISPATCHED',
  };
};
