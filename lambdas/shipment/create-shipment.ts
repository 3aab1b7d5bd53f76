import * as z from 'zod';
import { type PersonalDataReader, personalData } from '../runtime/personal-data.ts';
import { OrderTask, task } from '../runtime/task.ts';
import { ShippingAddress } from './carrier.ts';
import { AddressUndeliverableError } from './errors.ts';
import { type Shipping, shipping } from './shipment.ts';

const CreateShipmentInput = OrderTask.extend({
  items: z.array(z.object({ sku: z.string().min(1), quantity: z.int().positive() })).min(1),
});

/** The carrier's part of an order's personal data. */
const Destination = z.object({ shippingAddress: ShippingAddress });

/** Books the order's parcel with the carrier, once. Undone by `cancel-shipment`. */
export const createShipment =
  ({ ledger, carrier }: Shipping, personalData: PersonalDataReader) =>
  ({ orderId, correlationId, items }: z.infer<typeof CreateShipmentInput>) =>
    ledger.perform(
      orderId,
      { correlationId },
      {
        prepare: async () => {
          const { shippingAddress } = await personalData(orderId, Destination);
          return carrier.prepare({ orderId, items, shippingAddress });
        },
        commit: (shipmentId) => carrier.commit({ orderId, shipmentId }),
        undo: (shipmentId) => carrier.undo({ orderId, shipmentId }),
        Refusal: AddressUndeliverableError,
      },
    );

export const handler = task(CreateShipmentInput, createShipment(shipping(), personalData()));
