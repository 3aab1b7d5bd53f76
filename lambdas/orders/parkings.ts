import type { LoggedEvent } from './audit-log.ts';
import type { OrderRecord } from './order.ts';
import type { Step } from './steps.ts';

/** That an order began to wait for an operator, or that it goes on. */
export interface ParkingEntry {
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly kind: 'parking';
  /** The state that waits: `ParkUndo`, ...; `Recovery` where no workflow does. */
  readonly name: string;
  readonly outcome: 'parked' | 'resumed';
  readonly detail: {
    /** Of `parked`: the name of the error that would not pass. */
    readonly error?: string;
    /** Of `resumed`: who let it go on, or `time-out` where a day had passed. */
    readonly by?: string;
    /** Of `resumed`: what was settled by hand. */
    readonly note?: string;
  };
}

const TIMED_OUT = 'States.Timeout';
/** An order that could not be parked has never waited; one whose wait has ended in any other way has. */
const ENDED_WAITS = [TIMED_OUT, 'ExecutionAborted', 'ExecutionTimedOut'];

const hasWaited = ({ name, outcome, error = '' }: Step): boolean =>
  name.startsWith('Park') && (outcome !== 'failed' || ENDED_WAITS.includes(error));

/** What the state could not pass: its input says so. */
const errorIn = ({ input = '{}' }: Step): string | undefined =>
  (JSON.parse(input) as { undoFailure?: { Error?: string } }).undoFailure?.Error;

const parked = (at: string, name: string, error: string | undefined): ParkingEntry => ({
  at,
  kind: 'parking',
  name,
  outcome: 'parked',
  detail: { ...(error && { error }) },
});

const resumed = (at: string, name: string, by: string, notes: Readonly<Record<string, string>> = {}) => {
  const note = Object.entries(notes)
    .map(([undo, words]) => `${undo}: ${words}`)
    .join('; ');
  return {
    at,
    kind: 'parking',
    name,
    outcome: 'resumed',
    detail: { by, ...(note && { note }) },
  } satisfies ParkingEntry;
};

/** By the engine: that a workflow has waited in this step, and what ended the wait; none where it has not. */
export const parkingsIn = (step: Step, { resumptions = [] }: OrderRecord): ParkingEntry[] => {
  if (!hasWaited(step)) return [];
  const { name, enteredAt, leftAt, outcome, error } = step;
  const begun = parked(enteredAt, name, errorIn(step));
  if (!leftAt) return [begun];
  if (outcome === 'failed' && error === TIMED_OUT) return [begun, resumed(leftAt, name, 'time-out')];
  const resumption = resumptions.find(({ state, at }) => state === name && enteredAt <= at && at <= leftAt);
  return [begun, resumed(leftAt, name, resumption?.by ?? 'operator', resumption?.notes)];
};

/** By our own records: where no workflow waits, and where the engine's history does not reach back. */
export const parkingsOnRecord = (
  steps: readonly Step[],
  events: readonly LoggedEvent[],
  order: OrderRecord,
): ParkingEntry[] => {
  const [first] = steps;
  const isUntold = ({ at, name }: ParkingEntry) => name === 'Recovery' || !first || at < first.enteredAt;
  const told = events
    .filter(({ type }) => type === 'OrderNeedsAttention')
    .map(({ occurredAt, data }) => parked(occurredAt, String(data.state), String(data.error)));
  const { parking, parkedAt = '' } = order;
  // The event may still be under way.
  const isNews = parking && !told.some(({ at }) => at === parkedAt);
  return [
    ...told,
    ...(isNews ? [parked(parkedAt, parking.state, parking.error)] : []),
    ...(order.resumptions ?? []).map(({ at, state, by, notes }) => resumed(at, state, by, notes)),
  ].filter(isUntold);
};
