import { command } from '../command.ts';

export const replayState = command({
  summary: 'how far a replay is',
  examples: ['replay-state order-saga-dev-20261122T200000Z'],
  operands: ['replay'],
  run: async (ask, { operands: { replay } }) => {
    const data = await ask('GET /ops/replays/{replay}', { path: { replay } });
    return { data, text: `${replay}: ${data.state}` };
  },
});
