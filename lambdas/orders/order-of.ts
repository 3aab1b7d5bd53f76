import { type ApiCall, Problem } from '../runtime/api.ts';
import type { OrderRecord, OrderTable } from './order.ts';

/**
 * The order that a call names: the caller's own, or any, where an operator calls.
 * @throws Problem 404, the same for another's order and for none
 */
export const orderOf = async (orders: OrderTable, call: ApiCall): Promise<OrderRecord> => {
  const { customerId, isOperator, path } = call;
  const order = await orders.get(path.orderId ?? '');
  if (!order || !(isOperator || order.customerId === customerId))
    throw new Problem(404, 'Not Found', `there is no order ${path.orderId}`);
  return order;
};
