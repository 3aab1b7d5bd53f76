import { command } from '../command.ts';
import { clock, table } from '../words.ts';

/** `POST /ops/orders/{orderId}/resume` as `resume`. */
const nameOf = (action: string): string => action.split('/').at(-1) ?? action;

export const actions = command({
  summary: 'what operators have asked for, the newest first, and who it was',
  examples: ['actions'],
  run: async (ask) => {
    const data = await ask('GET /ops/actions', { query: { limit: '100' } });
    const rows = data.actions.map(({ at, by, session, action, on = '', status }) => [
      clock(at),
      session ? `${by} (${session})` : by,
      nameOf(action),
      on,
      status === undefined ? 'no answer' : `${status}`,
    ]);
    const text = rows.length > 0 ? table(['AT', 'WHO', 'WHAT', 'OF', 'ANSWER'], rows) : 'nothing yet';
    return { data, text: data.next ? `${text}\n(there are more)` : text };
  },
});
