import type { Command } from '../command.ts';
import { pathOf } from '../order.ts';
import type { Timeline } from '../story.ts';
import { span, table } from '../words.ts';

export const deliveries: Command = {
  usage: '<orderId>',
  summary: 'what each listener made of each event of an order',
  examples: ['deliveries ord_309735cff1be776a5bc66192a9'],
  operands: ['orderId'],
  options: [],
  run: async (api, { operands: [orderId] }) => {
    const timeline = await api.get<Timeline>(pathOf(orderId, '/timeline'));
    const own = timeline.entries.filter(({ kind }) => kind === 'delivery');
    const rows = own.map(({ name, outcome, detail: { type = '', attempts = 1, durationMs, error = '' } }) => [
      name,
      type,
      outcome,
      `${attempts}`,
      durationMs === undefined ? '' : span(durationMs),
      error,
    ]);
    const text = table(['LISTENER', 'EVENT', 'OUTCOME', 'ATTEMPTS', 'TOOK', 'ERROR'], rows);
    return {
      data: { ...timeline, entries: own },
      text: own.length > 0 ? text : 'nothing has been delivered',
    };
  },
};
