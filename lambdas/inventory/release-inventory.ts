import { type Undo, undoTask } from '../runtime/undo-task.ts';
import { type Stock, stock } from './stock.ts';

/** Undoes `reserve-inventory`: after it, the order holds no goods, now or later. */
export const releaseInventory = (stock: Stock) => (order: Undo) => stock.release(order);

export const handler = undoTask('ReleaseInventory', releaseInventory(stock()));
