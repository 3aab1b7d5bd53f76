import { command } from '../command.ts';

const WORDS = {
  started: 'started, as their workflow never had',
  settled: 'had ended, and are now on record so',
  recovered: 'go on, as their workflow had ended badly',
  failed: 'could not be mended: the log says why',
};

export const reconcile = command({
  summary: 'looks now at every open order, and mends what fell between two calls',
  examples: ['reconcile'],
  run: async (ask) => {
    const data = await ask('POST /ops/reconcile');
    const lines = Object.entries(WORDS).flatMap(([what, words]) => {
      const orders = data[what as keyof typeof WORDS];
      return orders.length > 0 ? [`${orders.length} ${words}: ${orders.join(', ')}`] : [];
    });
    if (lines.length === 0) lines.push('nothing had to be mended');
    const rest = data.more ? '; the rest follows by itself' : '';
    return { data, text: [`${data.looked} looked at${rest}`, ...lines].join('\n') };
  },
});
