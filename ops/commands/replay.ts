import { type Command, UsageError } from '../command.ts';

const asTime = (name: string, value: string | undefined): string => {
  const time = new Date(value ?? Number.NaN);
  if (Number.isNaN(time.getTime()))
    throw new UsageError(`--${name}: a time like 2026-11-22T20:00:00Z is missing`);
  return time.toISOString();
};

export const replay: Command = {
  usage: '--from <time> --to <time> [--listener <listener>]',
  summary: 'publishes archived events again; what a listener has done it does not do twice',
  examples: [
    'replay --from 2026-11-22T20:00:00Z --to 2026-11-22T21:00:00Z',
    'replay --from 2026-11-22T20:00:00Z --to 2026-11-22T21:00:00Z --listener record-metrics',
  ],
  operands: [],
  options: ['from', 'to', 'listener'],
  run: async (api, { values: { from, to, listener } }) => {
    const body = { from: asTime('from', from), to: asTime('to', to), ...(listener && { listener }) };
    const data = await api.post<{ replay: string }>('/ops/replays', body);
    return { data, text: `${data.replay} is under way: npm run ops -- replay-state ${data.replay}` };
  },
};
