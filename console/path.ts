import type { StepEntry, TimelineEntry } from '../api/answers/timeline.ts';
import { type Definition, forwardIn, hasToWait, isParking, transitionsOf } from './definition.ts';
import type { Tone } from './timeline.ts';

/** What has become of a state. */
export interface Visited {
  readonly tone: Tone;
  /** How often the order came through. */
  readonly visits: number;
  /** The last time it did. */
  readonly last: StepEntry;
}
/** From one state to the next, as it went. */
export interface Leg {
  readonly from: string;
  readonly to: string;
  readonly tone: Tone;
  /** The definition knows no such transition: another workflow went on from there. */
  readonly handover: boolean;
}
export interface Path {
  readonly visited: ReadonlyMap<string, Visited>;
  readonly legs: readonly Leg[];
}

const NOT_YET: readonly string[] = ['running'];

/** The path an order has taken through its workflow, from its timeline. */
export const pathOf = (definition: Definition, entries: readonly TimelineEntry[]): Path => {
  const forward = new Set(forwardIn(definition));
  const known = new Set(transitionsOf(definition).map(({ from, to }) => `${from} ${to}`));
  const steps = entries
    .filter((entry) => entry.kind === 'step')
    .filter(({ name }) => definition.States[name]);

  const toneOf = ({ name, outcome, detail }: StepEntry): Tone => {
    if (isParking(definition, name)) return 'parked';
    if (NOT_YET.includes(outcome)) return 'running';
    if (outcome === 'failed' && !hasToWait(detail.error)) return 'failed';
    return forward.has(name) ? 'forward' : 'undone';
  };

  const visited = new Map<string, Visited>();
  for (const step of steps) {
    const visits = (visited.get(step.name)?.visits ?? 0) + 1;
    visited.set(step.name, { tone: toneOf(step), visits, last: step });
  }

  const legs = new Map<string, Leg>();
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1];
    if (!before) continue;
    const pair = `${before.name} ${step.name}`;
    const tone = toneOf(before);
    legs.set(pair, {
      from: before.name,
      to: step.name,
      tone: tone === 'failed' || tone === 'parked' ? tone : forward.has(step.name) ? 'forward' : 'undone',
      handover: !known.has(pair),
    });
  }
  return { visited, legs: [...legs.values()] };
};
