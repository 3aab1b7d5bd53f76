import type { Command } from '../command.ts';

export const redrive: Command = {
  usage: '<listener>',
  summary: 'gives a listener its dead letters again',
  examples: ['redrive notify-customer'],
  operands: ['listener'],
  options: [],
  run: async (ask, { operands: [listener = ''] }) => {
    const data = await ask('POST /ops/listeners/{listener}/redrive', { path: { listener } });
    return { data, text: `${listener}: ${data.redriven} given again, ${data.left} left` };
  },
};
