import { command } from '../command.ts';
import { timeOf } from '../time.ts';

export const replay = command({
  summary:
    'publishes archived events again; what a listener has done it does not do twice. Times are UTC where they name no offset',
  examples: [
    'replay --from 2026-11-22T20:00:00Z --to 2026-11-22T21:00:00Z',
    'replay --from 2026-11-22T20:00:00Z --to 2026-11-22T21:00:00Z --listener record-metrics',
  ],
  options: {
    from: { takes: 'time', isRequired: true },
    to: { takes: 'time', isRequired: true },
    listener: { takes: 'listener' },
  },
  run: async (ask, { options: { from, to, listener } }) => {
    const body = { from: timeOf('from', from), to: timeOf('to', to), ...(listener && { listener }) };
    const data = await ask('POST /ops/replays', { body });
    return { data, text: `${data.replay} is under way: npm run ops -- replay-state ${data.replay}` };
  },
});
