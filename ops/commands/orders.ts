import { type Command, UsageError } from '../command.ts';
import type { Order } from '../order.ts';
import { money, since, table } from '../words.ts';

const STATUSES = ['PENDING', 'CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION'];
/** Of orders that are rare among many, most pages are empty: so many are looked through, and no more. */
const PAGES = 20;

export const orders: Command = {
  usage: '[--status <status>] [--limit <n>]',
  summary: 'every customer’s orders: 20 of them, or as many as you say',
  examples: ['orders', 'orders --status needs_attention', 'orders --status cancelled --limit 100 --json'],
  operands: [],
  options: ['status', 'limit'],
  run: async (api, { values, now }) => {
    const status = values.status?.toUpperCase();
    if (status && !STATUSES.includes(status))
      throw new UsageError(`--status is one of ${STATUSES.join(', ')}`);
    const limit = Number(values.limit ?? 20);
    if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit is a whole number from 1 on');

    const found: Order[] = [];
    let next: string | undefined;
    for (let page = 0; page < PAGES && found.length < limit && (page === 0 || next); page += 1) {
      const query = new URLSearchParams({
        limit: `${Math.min(100, limit - found.length)}`,
        ...(status && { status }),
        ...(next && { cursor: next }),
      });
      const answer = await api.get<{ orders: Order[]; next?: string }>(`/ops/orders?${query}`);
      found.push(...answer.orders);
      next = answer.next;
    }
    found.sort((a, b) => b.placedAt.localeCompare(a.placedAt));
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
