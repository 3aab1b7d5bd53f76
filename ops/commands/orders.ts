import type { OperatorsOrder } from '../../api/answers/order.ts';
import { LENGTH } from '../../api/requests/paging.ts';
import { STATUSES } from '../../api/requests/statuses.ts';
import { type Command, UsageError } from '../command.ts';
import { money, since, table } from '../words.ts';

export const orders: Command = {
  usage: '[--status <status>] [--customer <id>] [--limit <n>]',
  summary: 'every customer’s orders, the newest first: 20 of them, or as many as you say',
  examples: ['orders', 'orders --status needs_attention', 'orders --customer customer-1 --limit 100 --json'],
  operands: [],
  options: ['status', 'customer', 'limit'],
  run: async (ask, { values, now }) => {
    const status = STATUSES.find((known) => known === values.status?.toUpperCase());
    if (values.status && !status) throw new UsageError(`--status is one of ${STATUSES.join(', ')}`);
    const limit = Number(values.limit ?? 20);
    if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit is a whole number from 1 on');

    const found: OperatorsOrder[] = [];
    let next: string | undefined;
    // Of orders that are rare among many, most pages are empty.
    do {
      const query = {
        limit: `${Math.min(LENGTH.maximum, limit - found.length)}`,
        status,
        customer: values.customer || undefined,
        cursor: next,
      };
      const answer = await ask('GET /ops/orders', { query });
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
