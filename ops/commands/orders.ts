import { type Command, UsageError } from '../command.ts';
import type { Order } from '../order.ts';
import { money, since, table } from '../words.ts';

const STATUSES = ['PENDING', 'CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION'];

export const orders: Command = {
  usage: '[--status <status>] [--customer <id>] [--limit <n>]',
  summary: 'every customer’s orders, the newest first: 20 of them, or as many as you say',
  examples: ['orders', 'orders --status needs_attention', 'orders --customer customer-1 --limit 100 --json'],
  operands: [],
  options: ['status', 'customer', 'limit'],
  run: async (api, { values, now }) => {
    const status = values.status?.toUpperCase();
    if (status && !STATUSES.includes(status))
      throw new UsageError(`--status is one of ${STATUSES.join(', ')}`);
    const limit = Number(values.limit ?? 20);
    if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit is a whole number from 1 on');

    const found: Order[] = [];
    let next: string | undefined;
    // Of orders that are rare among many, most pages are empty.
    do {
      const query = new URLSearchParams({
        limit: `${Math.min(100, limit - found.length)}`,
        ...(status && { status }),
        ...(values.customer && { customer: values.customer }),
        ...(next && { cursor: next }),
      });
      const answer = await api.get<{ orders: Order[]; next?: string }>(`/ops/orders?${query}`);
      found.push(...answer.orders);
      next = answer.next;
    } while (next && found.length < limit);
    const rows = found.map((order) => [
      order.orderId,
      order.status,
      money(order.totalCents, order.currency),
      since(order.placedAt, now),
      order.failure?.error ?? '',
    ]);
    const head = ['ORDER', 'STATUS', 'TOTAL', 'PLACED AGO', 'BECAUSE OF'];
    const text = found.length > 0 ? table(head, rows) : 'no such order';
    return {
      data: { orders: found, ...(next && { next }) },
      text: next ? `${text}\n(there may be more)` : text,
    };
  },
};
