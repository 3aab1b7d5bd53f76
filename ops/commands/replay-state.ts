import type { Command } from '../command.ts';

export const replayState: Command = {
  usage: '<replay>',
  summary: 'how far a replay is',
  examples: ['replay-state order-saga-dev-20261122T200000Z'],
  operands: ['replay'],
  options: [],
  run: async (api, { operands: [replay = ''] }) => {
    const data = await api.get<{ state: string }>(`/ops/replays/${encodeURIComponent(replay)}`);
    return { data, text: `${replay}: ${data.state}` };
  },
};
