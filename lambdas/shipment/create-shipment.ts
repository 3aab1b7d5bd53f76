import * as z from 'zod';
import { OrderTask, task } from '../runtime/task.ts';
import { ShippingAddress } from './carrier.ts';
import { AddressUndeliverableError } from './errors.ts';
import { type Shipping, shipping } from './shipment.ts';

const CreateShipmentInput = OrderTask.extend({
  items: z.array(z.object({ sku: z.string().min(1), quantity: z.int().positive() })).min(1),
  shippingAddress: ShippingAddress,
});

/** Books the order's parcel with the carrier, once. Undone by `cancel-shipment`. */
export const createShipment =
  ({ ledger, carrier }: Shipping) =>
  ({ orderId, correlationId, items, shippingAddress }: z.infer<typeof CreateShipmentInput>) =>
    ledger.perform(
      orderId,
      { correlationId },
      {
        perform: () => carrier.create({ orderId, items, shippingAddress }),
        undo: () => carrier.cancel(orderId),
        Refusal: AddressUndeliverableError,
      },
    );

export const handler = task(CreateShipmentInput, createShipment(shipping()));
