import type { OperatorsOrder } from '../../api/answers/order.ts';
import { LENGTH } from '../../api/requests/paging.ts';
import { STATUSES } from '../../api/requests/statuses.ts';
import { command, UsageError } from '../command.ts';
import { money, since, table } from '../words.ts';

export const orders = command({
  summary: 'every customer’s orders, the newest first: 20 of them, or as many as you say',
  examples: ['orders', 'orders --status needs_attention', 'orders --customer customer-1 --limit 100 --json'],
  options: { status: { takes: 'status' }, customer: { takes: 'id' }, limit: { takes: 'n' } },
  run: async (ask, { options, now }) => {
    const status = STATUSES.find((known) => known === options.status?.toUpperCase());
    if (options.status && !status) throw new UsageError(`--status is one of ${STATUSES.join(', ')}`);
    const limit = Number(options.limit ?? 20);
    if (!Number.isInteger(limit) || limit < 1) throw new UsageError('--limit is a whole number from 1 on');

    const found: OperatorsOrder[] = [];
    let next: string | undefined;
    // Of orders that are rare among many, most pages are empty.
    do {
      const query = {
        limit: `${Math.min(LENGTH.maximum, limit - found.length)}`,
        status,
        customer: options.customer || undefined,
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
});
