import { command } from '../command.ts';

export const redrive = command({
  summary: 'gives a listener its dead letters again',
  examples: ['redrive notify-customer'],
  operands: ['listener'],
  run: async (ask, { operands: { listener } }) => {
    const data = await ask('POST /ops/listeners/{listener}/redrive', { path: { listener } });
    return { data, text: `${listener}: ${data.redriven} given again, ${data.left} left` };
  },
});
