import type { Command } from '../command.ts';
import { table } from '../words.ts';

interface Queue {
  readonly listener: string;
  readonly deadLetters: number;
}

export const deadLetters: Command = {
  usage: '',
  summary: 'how many events each listener could not be given',
  examples: ['dead-letters'],
  operands: [],
  options: [],
  run: async (api) => {
    const { listeners } = await api.get<{ listeners: Queue[] }>('/ops/dead-letters');
    const rows = listeners.map(({ listener, deadLetters }) => [listener, `${deadLetters}`]);
    return { data: listeners, text: table(['LISTENER', 'DEAD LETTERS'], rows) };
  },
};
