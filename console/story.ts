import type { TimelineEntry } from '../api/answers/timeline.ts';
import { type Definition, forwardIn, hasToWait, isParking } from './definition.ts';
import { duration, plural, short } from './format.ts';
import type { Detail, Tone } from './timeline.ts';

export type Lane = 'workflow' | 'events' | 'listeners';

/** A line of an order's story, and the lane it stands in. */
export interface Line {
  readonly key: string;
  readonly at: string;
  /** Since the first line, in ms. */
  readonly afterMs: number;
  readonly lane: Lane;
  readonly tone: Tone;
  readonly title: string;
  readonly facts: string;
}

const LANES: Readonly<Record<TimelineEntry['kind'], Lane>> = {
  step: 'workflow',
  parking: 'workflow',
  event: 'events',
  delivery: 'listeners',
};

const DELIVERED: Readonly<Record<string, Tone>> = {
  started: 'running',
  done: 'told',
  failed: 'failed',
  'dead-lettered': 'parked',
};

const toneOf = ({ kind, name, outcome, detail }: TimelineEntry, definition: Definition | undefined): Tone => {
  if (kind === 'event') return 'told';
  if (kind === 'delivery') return DELIVERED[outcome] ?? 'running';
  if (kind === 'parking' || (definition && isParking(definition, name))) return 'parked';
  if (outcome === 'running') return 'running';
  if (outcome === 'failed' && !hasToWait((detail as Detail).error)) return 'failed';
  return definition && !forwardIn(definition).includes(name) ? 'undone' : 'forward';
};

/** Messages of our own errors name the order by its whole id. */
const shortened = (message: string) => message.replace(/\bord_\w+/g, short);

/** @param lastEvent the type of the event that was told of last: whose delivery this is goes without saying then */
const factsOf = ({ kind, outcome, detail }: TimelineEntry, lastEvent: string): string => {
  const { attempts = 0, durationMs, error, message, type, by, note }: Detail = detail;
  const ended = hasToWait(error) ? 'not decided yet' : outcome;
  return [
    ...(kind === 'delivery' && type && type !== lastEvent ? [`of ${type}`] : []),
    ...(outcome === 'succeeded' || outcome === 'done' || outcome === 'published' ? [] : [ended]),
    ...(attempts > 1 ? [plural(attempts, 'attempt')] : []),
    ...(durationMs === undefined ? [] : [duration(durationMs)]),
    ...(error ? [message && message !== error ? `${error}: ${shortened(message)}` : error] : []),
    ...(by ? [`by ${by}`] : []),
    ...(note ? [`“${note}”`] : []),
  ].join(' · ');
};

/** The timeline as it is shown: each entry with its lane, its colour and its time since the first. */
export const storyOf = (entries: readonly TimelineEntry[], definition: Definition | undefined): Line[] => {
  const first = Date.parse(entries[0]?.at ?? '');
  const seen = new Map<string, number>();
  let lastEvent = '';
  // A wait is told by its beginning and its end, not once more as a step.
  const waits = new Set(entries.filter(({ kind }) => kind === 'parking').map(({ name }) => name));
  const told = entries.filter(({ kind, name }) => kind !== 'step' || !waits.has(name));
  return told.map((entry) => {
    const { eventId = '' }: Detail = entry.detail;
    const name = `${entry.kind} ${entry.name} ${eventId}`;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    if (entry.kind === 'event') lastEvent = entry.name;
    return {
      key: `${name} ${before}`,
      at: entry.at,
      afterMs: Date.parse(entry.at) - first,
      lane: LANES[entry.kind],
      tone: toneOf(entry, definition),
      title: entry.name,
      facts: factsOf(entry, lastEvent),
    };
  });
};
