import { createHash } from 'node:crypto';

/**
 * What AWS may do at any moment, and a laptop never does by itself:
 *
 *   stale-index-reads       an index answers as of a moment ago
 *   cancelled-transactions  a transaction is cancelled for a conflict or a throttle, also beside a failed condition
 *   throttled-writes        a single write is throttled
 *   repeated-deliveries     an asynchronous event is delivered twice, or late, after events that came later
 *   skewed-clocks           the clocks of two functions differ, by up to a second each
 *   short-pages             a page holds fewer items than were asked for, though there are more
 */
export const STRICTNESS_KINDS = [
  'stale-index-reads',
  'cancelled-transactions',
  'throttled-writes',
  'repeated-deliveries',
  'skewed-clocks',
  'short-pages',
] as const;
export type StrictnessKind = (typeof STRICTNESS_KINDS)[number];

/**
 * How strict the local AWS is. The same seed does the same to the same items and events, in whatever order they come.
 */
export interface Strictness {
  readonly kinds: readonly StrictnessKind[];
  readonly seed: number;
}

/** All of it. */
export const strictest = (seed = 1): Strictness => ({ kinds: STRICTNESS_KINDS, seed });

/**
 * How often a subject is struck at most. An SDK's three attempts always get through, so that an order keeps to the
 * route of its faults. What lasts longer is for the fault plans.
 */
const STRIKES = 2;

/** Decides what happens to whom. */
export const chance = ({ kinds, seed }: Strictness = { kinds: [], seed: 0 }) => {
  const asked = new Map<string, { times: number; strikes: number }>();
  const draw = (...what: readonly (string | number)[]): number =>
    createHash('sha256')
      .update(JSON.stringify([seed, ...what]))
      .digest()
      .readUInt32BE() /
    2 ** 32;
  const has = (kind: StrictnessKind): boolean => kinds.includes(kind);
  return {
    has,
    /** From 0 to below 1; always the same for the same subject. */
    of: (kind: StrictnessKind, subject: string): number => draw(kind, subject),
    /**
     * Whether it hits the subject this time.
     * @param probability of each time, until it has hit twice
     */
    strikes: (kind: StrictnessKind, subject: string, probability: number): boolean => {
      if (!has(kind)) return false;
      const key = `${kind} ${subject}`;
      const { times, strikes } = asked.get(key) ?? { times: 0, strikes: 0 };
      const isStruck = strikes < STRIKES && draw(kind, subject, times) < probability;
      asked.set(key, { times: times + 1, strikes: strikes + Number(isStruck) });
      return isStruck;
    },
  };
};
export type Chance = ReturnType<typeof chance>;
