import { command } from '../command.ts';
import { since, table } from '../words.ts';

export const deadLetters = command({
  summary: 'the events that listeners could not be given: how many, of which orders, and why',
  examples: ['dead-letters'],
  run: async (ask, { now }) => {
    const data = await ask('GET /ops/dead-letters');
    const { listeners } = data;
    const counts = listeners.map(({ listener, deadLetters }) => [listener, `${deadLetters}`]);
    const letters = listeners.flatMap(({ listener, letters }) =>
      letters.map((letter) => [
        listener,
        letter.orderId ?? '',
        letter.type ?? '',
        since(letter.since, now),
        letter.message ? `${letter.error}: ${letter.message}` : letter.error,
      ]),
    );
    const hidden = listeners.some((each) => each.deadLetters > each.letters.length);
    const text = [
      table(['LISTENER', 'DEAD LETTERS'], counts),
      ...(letters.length > 0
        ? ['', table(['LISTENER', 'ORDER', 'EVENT', 'FOR', 'BECAUSE OF'], letters)]
        : []),
      ...(hidden ? ['(there are more)'] : []),
    ].join('\n');
    return { data, text };
  },
});
