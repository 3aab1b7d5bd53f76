import { OrderTask, task } from '../runtime/task.ts';
import { type Stock, stock } from './stock.ts';

/** Undoes `reserve-inventory`: after it, the order holds no goods, now or later. */
export const releaseInventory =
  (stock: Stock) =>
  ({ orderId }: { orderId: string }) =>
    stock.release(orderId);

export const handler = task(OrderTask, releaseInventory(stock()));
