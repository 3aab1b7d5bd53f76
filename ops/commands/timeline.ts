import type { Command } from '../command.ts';
import { story } from '../story.ts';

export const timeline: Command = {
  usage: '<orderId>',
  summary: 'the story of an order: steps, undos, waits, events and listeners',
  examples: ['timeline ord_309735cff1be776a5bc66192a9'],
  operands: ['orderId'],
  options: [],
  run: async (ask, { operands: [orderId = ''] }) => {
    const path = { orderId };
    const [order, told] = await Promise.all([
      ask('GET /ops/orders/{orderId}', { path }),
      ask('GET /ops/orders/{orderId}/timeline', { path }),
    ]);
    return { data: told, text: story(order, told) };
  },
};
