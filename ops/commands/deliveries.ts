import { command } from '../command.ts';
import { span, table } from '../words.ts';

export const deliveries = command({
  summary: 'what each listener made of each event of an order',
  examples: ['deliveries ord_309735cff1be776a5bc66192a9'],
  operands: ['orderId'],
  run: async (ask, { operands: { orderId } }) => {
    const timeline = await ask('GET /ops/orders/{orderId}/timeline', { path: { orderId } });
    const own = timeline.entries.filter((entry) => entry.kind === 'delivery');
    const rows = own.map(({ name, outcome, detail: { type, attempts, durationMs, error = '' } }) => [
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
});
