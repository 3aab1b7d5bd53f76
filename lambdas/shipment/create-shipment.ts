import type * as z from 'zod';
import { type PersonalDataReader, personalData } from '../runtime/personal-data.ts';
import { task } from '../runtime/task.ts';
import { AddressUndeliverableError } from './errors.ts';
import { Destination, ShipmentInput, type Shipping, shipping } from './shipment.ts';

/** Books the order's parcel with the carrier, once. Undone by `cancel-shipment`. */
export const createShipment =
  ({ ledger, carrier }: Shipping, personalData: PersonalDataReader) =>
  ({ orderId, correlationId, items }: z.infer<typeof ShipmentInput>) =>
    ledger.perform(
      orderId,
      { correlationId },
      {
        perform: async () => {
          const { shippingAddress } = await personalData(orderId, Destination);
          return carrier.create({ orderId, items, shippingAddress });
        },
        undo: () => carrier.cancel(orderId),
        Refusal: AddressUndeliverableError,
      },
    );

export const handler = task(ShipmentInput, createShipment(shipping(), personalData()));
