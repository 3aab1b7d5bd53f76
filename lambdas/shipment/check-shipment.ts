import { OrderTask, task } from '../runtime/task.ts';
import { type Shipping, shipping } from './shipment.ts';

/** Tells whoever asks whether an order's parcel has left. It changes nothing. */
export const checkShipment =
  ({ carrier }: Pick<Shipping, 'carrier'>) =>
  async ({ orderId }: { orderId: string }) => ({ isDispatched: await carrier.isDispatched(orderId) });

export const handler = task(OrderTask, checkShipment(shipping()));
