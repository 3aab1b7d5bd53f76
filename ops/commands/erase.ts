import { command } from '../command.ts';
import { clock } from '../words.ts';

export const erase = command({
  summary: 'erases who placed an order that has ended, where it went and how it was paid; the books stay',
  examples: ['erase ord_309735cff1be776a5bc66192a9'],
  operands: ['orderId'],
  run: async (ask, { operands: { orderId } }) => {
    const data = await ask('POST /ops/orders/{orderId}/erase', { path: { orderId } });
    const { erasedAt, erasedBy, erased, kept } = data;
    const lines = [
      `${orderId}: personal data erased ${clock(erasedAt)} by ${erasedBy}`,
      '',
      'erased',
      ...erased.map(({ place, what }) => `  ${place}: ${what}`),
      'kept',
      ...kept.map(({ place, what, why }) => `  ${place}: ${what} (${why})`),
    ];
    return { data, text: lines.join('\n') };
  },
});
