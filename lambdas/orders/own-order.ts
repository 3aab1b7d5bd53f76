import { type ApiCall, Problem } from '../runtime/api.ts';
import type { OrderRecord, OrderTable } from './order.ts';

/** The order that a call names, if it is the caller's. @throws Problem 404, the same for another's order and for none */
export const ownOrder = async (orders: OrderTable, { customerId, path }: ApiCall): Promise<OrderRecord> => {
  const order = await orders.get(path.orderId ?? '');
  if (order?.customerId !== customerId)
    throw new Problem(404, 'Not Found', `there is no order ${path.orderId}`);
  return order;
};
