import { OrderTask, task } from '../runtime/task.ts';
import { type Shipping, shipping } from './shipment.ts';

/** Tells whoever asks whether an order's parcel has left. It changes nothing. */
export const checkShipment =
  ({ ledger, carrier }: Shipping) =>
  async ({ orderId }: { orderId: string }) => {
    const shipmentId = await ledger.handleOf(orderId);
    return {
      isDispatched: shipmentId !== undefined && (await carrier.isDispatched({ orderId, shipmentId })),
    };
  };

export const handler = task(OrderTask, checkShipment(shipping()));
