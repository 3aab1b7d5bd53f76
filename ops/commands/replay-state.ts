import type { Command } from '../command.ts';

export const replayState: Command = {
  usage: '<replay>',
  summary: 'how far a replay is',
  examples: ['replay-state order-saga-dev-20261122T200000Z'],
  operands: ['replay'],
  options: [],
  run: async (ask, { operands: [replay = ''] }) => {
    const data = await ask('GET /ops/replays/{replay}', { path: { replay } });
    return { data, text: `${replay}: ${data.state}` };
  },
};
