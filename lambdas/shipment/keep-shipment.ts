import type * as z from 'zod';
import { type PersonalDataReader, personalData } from '../runtime/personal-data.ts';
import { task } from '../runtime/task.ts';
import { ShipmentNotDispatchedError } from './errors.ts';
import { Destination, ShipmentInput, type Shipping, shipping } from './shipment.ts';

/**
 * Takes a parcel that has left for what it is: on its way. Where its number never came to be on record the carrier is asked
 * for it by the booking itself, which it answers with the first.
 * @throws ShipmentNotDispatchedError
 */
export const keepShipment =
  ({ ledger, carrier }: Shipping, personalData: PersonalDataReader) =>
  ({ orderId, items }: z.infer<typeof ShipmentInput>) =>
    ledger.keep(orderId, async (known) => {
      if (!(await carrier.isDispatched(orderId))) throw new ShipmentNotDispatchedError(orderId);
      if (known) return known;
      const { shippingAddress } = await personalData(orderId, Destination);
      return carrier.create({ orderId, items, shippingAddress });
    });

export const handler = task(ShipmentInput, keepShipment(shipping(), personalData()));
