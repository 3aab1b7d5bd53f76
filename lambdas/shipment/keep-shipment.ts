import type * as z from 'zod';
import { type PersonalDataReader, personalData } from '../runtime/personal-data.ts';
import { task } from '../runtime/task.ts';
import { ShipmentNotDispatchedError } from './errors.ts';
import { Destination, ShipmentInput, type Shipping, shipping } from './shipment.ts';

/**
 * Accepts that a parcel has left. Where its tracking number was never recorded, the booking is repeated: the carrier answers
 * with the number of the first one.
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
