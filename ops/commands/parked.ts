import type { Command } from '../command.ts';
import { since, table } from '../words.ts';

interface ParkedOrder {
  readonly orderId: string;
  readonly correlationId: string;
  /** RFC 3339, UTC. */
  readonly parkedAt: string;
  readonly state: string;
  readonly error: string;
}

export const parked: Command = {
  usage: '',
  summary: 'the orders that wait for an operator, the longest first',
  examples: ['parked'],
  operands: [],
  options: [],
  run: async (api, { now }) => {
    const orders: ParkedOrder[] = [];
    let next: string | undefined;
    do {
      const query = new URLSearchParams({ limit: '100', ...(next && { cursor: next }) });
      const page = await api.get<{ orders: ParkedOrder[]; next?: string }>(`/ops/orders/parked?${query}`);
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
};
