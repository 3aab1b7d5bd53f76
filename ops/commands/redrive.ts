import type { Command } from '../command.ts';

export const redrive: Command = {
  usage: '<listener>',
  summary: 'gives a listener its dead letters again',
  examples: ['redrive notify-customer'],
  operands: ['listener'],
  options: [],
  run: async (api, { operands: [listener = ''] }) => {
    const path = `/ops/listeners/${encodeURIComponent(listener)}/redrive`;
    const data = await api.post<{ redriven: number; left: number }>(path);
    return { data, text: `${listener}: ${data.redriven} given again, ${data.left} left` };
  },
};
