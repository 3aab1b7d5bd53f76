import { OrderId } from '../../../api/requests/order-id.ts';
import type { ApiCall } from '../../runtime/api.ts';
import { logger } from '../../runtime/logger.ts';
import { Problem } from '../../runtime/problem.ts';
import type { OrderRecord } from '../order.ts';
import type { OrderTable } from '../order-table.ts';

/**
 * The order that a call names: one of the caller's own, or any if the caller is an operator.
 * @throws Problem; the same one for another customer's order, for one that does not exist, and for what cannot be an id
 */
export const orderOf = async (orders: Pick<OrderTable, 'get'>, call: ApiCall): Promise<OrderRecord> => {
  const { callerId, isOperator, path } = call;
  const { data: orderId } = OrderId.safeParse(path.orderId);
  logger.appendKeys({ orderId });
  const order = orderId && (await orders.get(orderId));
  if (!order || !(isOperator || order.customerId === callerId))
    throw new Problem('order-not-found', 'there is no such order');
  return order;
};
