import { type Undo, undoTask } from '../runtime/undo-task.ts';
import { type Shipping, shipping } from './shipment.ts';

/** Undoes `create-shipment`: after it, no parcel of this order leaves, now or later. */
export const cancelShipment =
  ({ ledger, carrier }: Shipping) =>
  (order: Undo) =>
    ledger.undo(order, {
      undo: () => carrier.cancel(order.orderId),
      close: () => carrier.close(order.orderId),
    });

export const handler = undoTask('CancelShipment', cancelShipment(shipping()));
