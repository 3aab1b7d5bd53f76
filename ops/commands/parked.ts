import type { ParkedOrder } from '../../api/answers/order.ts';
import { command } from '../command.ts';
import { since, table } from '../words.ts';

export const parked = command({
  summary: 'the orders that wait for an operator, the longest first',
  examples: ['parked'],
  run: async (ask, { now }) => {
    const orders: ParkedOrder[] = [];
    let next: string | undefined;
    do {
      const page = await ask('GET /ops/orders/parked', { query: { limit: '100', cursor: next } });
      orders.push(...page.orders);
      next = page.next;
    } while (next);
    const rows = orders.map(({ orderId, state, error, parkedAt }) => [
      orderId,
      state,
      error,
      since(parkedAt, now),
    ]);
    const text = table(['ORDER', 'WAITS IN', 'BECAUSE OF', 'FOR'], rows);
    return { data: { orders }, text: orders.length > 0 ? text : 'no order is parked' };
  },
});
