import * as z from 'zod';
import { OrderTask, task } from '../runtime/task.ts';
import { ReservedItem, type Stock, stock } from './stock.ts';

const ReserveInventoryInput = OrderTask.extend({ items: z.array(ReservedItem).min(1) });

/** Reserves every line of the order, or none. Undone by `release-inventory`. */
export const reserveInventory = (stock: Stock) => (order: z.infer<typeof ReserveInventoryInput>) =>
  stock.reserve(order);

export const handler = task(ReserveInventoryInput, reserveInventory(stock()));
