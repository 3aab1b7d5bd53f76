import type { OperatorApi } from './operator-api.ts';
import { pathOf } from './order.ts';
import type { Entry, Timeline } from './story.ts';

/** An event that a listener could not be given, as its queue tells of it. */
export interface Letter {
  readonly orderId?: string;
  readonly eventId?: string;
  readonly type?: string;
  readonly error: string;
  readonly message?: string;
  /** RFC 3339, UTC. */
  readonly since: string;
}

/** A listener's dead letters: how many, and the first of them. */
export interface DeadLetters {
  readonly listener: string;
  readonly deadLetters: number;
  readonly letters: readonly Letter[];
}

export const deadLettersOf = async (api: OperatorApi): Promise<readonly DeadLetters[]> =>
  (await api.get<{ listeners: DeadLetters[] }>('/ops/dead-letters')).listeners;

const isOf = ({ kind, name, detail }: Entry, listener: string, eventId: string | undefined): boolean =>
  kind === 'delivery' && name === listener && detail.eventId === eventId;

const entryOf = (listener: string, letter: Letter, attempts: number | undefined): Entry => ({
  at: letter.since,
  kind: 'delivery',
  name: listener,
  outcome: 'dead-lettered',
  detail: {
    ...(letter.eventId && { eventId: letter.eventId }),
    ...(letter.type && { type: letter.type }),
    ...(attempts && { attempts }),
    error: letter.error,
  },
});

/**
 * The story of an order, with what only the queues know: a function that could not even begin has left no record of the
 * delivery. Of what has been done in the meantime the letter that is left says nothing any more.
 */
export const told = async (api: OperatorApi, orderId: string | undefined): Promise<Timeline> => {
  const [timeline, queues] = await Promise.all([
    api.get<Timeline>(pathOf(orderId, '/timeline')),
    deadLettersOf(api),
  ]);
  let entries = [...timeline.entries];
  for (const { listener, letters } of queues)
    for (const letter of letters.filter((each) => each.orderId === orderId)) {
      const known = entries.find((entry) => isOf(entry, listener, letter.eventId));
      if (known?.outcome === 'done' || known?.outcome === 'dead-lettered') continue;
      entries = [
        ...entries.filter((entry) => entry !== known),
        entryOf(listener, letter, known?.detail.attempts),
      ];
    }
  return { ...timeline, entries: entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)) };
};
