import { OrderTask, task } from '../runtime/task.ts';
import { type Shipping, shipping } from './shipment.ts';

/** Undoes `create-shipment`: after it, no parcel of this order leaves, now or later. */
export const cancelShipment =
  ({ ledger, carrier }: Shipping) =>
  ({ orderId }: { orderId: string }) =>
    ledger.undo(orderId, { undo: () => carrier.cancel(orderId) });

export const handler = task(OrderTask, cancelShipment(shipping()));
