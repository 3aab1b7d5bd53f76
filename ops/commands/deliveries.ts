import type { Command } from '../command.ts';
import { type Order, pathOf } from '../order.ts';
import { span, table } from '../words.ts';

interface Delivery {
  readonly listener: string;
  readonly eventId: string;
  readonly type: string;
  readonly status: string;
  readonly attempts: number;
  /** Of the last attempt; RFC 3339, UTC. */
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly error?: string;
}

export const deliveries: Command = {
  usage: '<orderId>',
  summary: 'what each listener made of each event of an order',
  examples: ['deliveries ord_309735cff1be776a5bc66192a9'],
  operands: ['orderId'],
  options: [],
  run: async (api, { operands: [orderId] }) => {
    const { correlationId } = await api.get<Order>(pathOf(orderId));
    const path = `/ops/deliveries/${encodeURIComponent(correlationId)}`;
    const all = (await api.get<{ deliveries: Delivery[] }>(path)).deliveries;
    // Other orders may share the correlation id.
    const own = all.filter(({ eventId }) => eventId.startsWith(`${orderId}#`));
    const rows = own.map(({ listener, type, status, attempts, startedAt, endedAt, error = '' }) => [
      listener,
      type,
      status,
      `${attempts}`,
      endedAt ? span(Date.parse(endedAt) - Date.parse(startedAt)) : '',
      error,
    ]);
    const text = table(['LISTENER', 'EVENT', 'STATUS', 'ATTEMPTS', 'TOOK', 'ERROR'], rows);
    return { data: own, text: own.length > 0 ? text : 'nothing has been delivered' };
  },
};
