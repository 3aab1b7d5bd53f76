import { type Undo, undoTask } from '../runtime/undo-task.ts';
import { type Shipping, shipping } from './shipment.ts';

/** Undoes `create-shipment`: after it, no parcel of this order leaves, now or later. */
export const cancelShipment =
  ({ ledger, carrier }: Shipping) =>
  (order: Undo) => {
    const { orderId } = order;
    return ledger.undo(order, {
      undo: (shipmentId) => carrier.undo({ orderId, shipmentId }),
      close: (shipmentId) => carrier.close({ orderId, shipmentId }),
    });
  };

export const handler = undoTask('CancelShipment', cancelShipment(shipping()));
