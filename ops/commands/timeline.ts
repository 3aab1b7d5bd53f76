import type { Command } from '../command.ts';
import { type Order, pathOf } from '../order.ts';
import { story, type Timeline } from '../story.ts';

export const timeline: Command = {
  usage: '<orderId>',
  summary: 'the story of an order: steps, undos, waits, events and listeners',
  examples: ['timeline ord_309735cff1be776a5bc66192a9'],
  operands: ['orderId'],
  options: [],
  run: async (api, { operands: [orderId] }) => {
    const [order, told] = await Promise.all([
      api.get<Order>(pathOf(orderId)),
      api.get<Timeline>(pathOf(orderId, '/timeline')),
    ]);
    return { data: told, text: story(order, told) };
  },
};
