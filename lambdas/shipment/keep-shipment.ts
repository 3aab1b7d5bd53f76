import type * as z from 'zod';
import { OrderTask, task } from '../runtime/task.ts';
import { ShipmentNotDispatchedError } from './errors.ts';
import { type Shipping, shipping } from './shipment.ts';

/**
 * Accepts that a parcel has left. Where its tracking number was never recorded, the booking is repeated: the carrier answers
 * with the number of the first one.
 * @throws ShipmentNotDispatchedError
 */
export const keepShipment =
  ({ ledger, carrier }: Shipping) =>
  ({ orderId }: z.infer<typeof OrderTask>) =>
    ledger.keep(orderId, async (shipmentId, known) => {
      if (!(await carrier.isDispatched({ orderId, shipmentId })))
        throw new ShipmentNotDispatchedError(orderId);
      return known ?? carrier.commit({ orderId, shipmentId });
    });

export const handler = task(OrderTask, keepShipment(shipping()));
