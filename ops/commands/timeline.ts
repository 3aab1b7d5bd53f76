import { command } from '../command.ts';
import { story } from '../story.ts';

export const timeline = command({
  summary: 'the story of an order: steps, undos, waits, events and listeners',
  examples: ['timeline ord_309735cff1be776a5bc66192a9'],
  operands: ['orderId'],
  run: async (ask, { operands: { orderId } }) => {
    const path = { orderId };
    const [order, told] = await Promise.all([
      ask('GET /ops/orders/{orderId}', { path }),
      ask('GET /ops/orders/{orderId}/timeline', { path }),
    ]);
    return { data: told, text: story(order, told) };
  },
});
