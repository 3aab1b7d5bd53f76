import type { ParkingEntry } from '../../../api/answers/timeline.ts';
import type { OrderRecord, Resumption } from '../order.ts';
import type { Step } from '../workflow/steps.ts';
import type { LoggedEvent } from './audit-log.ts';

const TIMED_OUT = 'States.Timeout';
/** Errors of a wait that was ended. With any other error the order could not be parked, and so never waited. */
const ENDED_WAITS = [TIMED_OUT, 'ExecutionAborted', 'ExecutionTimedOut'];

const hasWaited = ({ name, outcome, error = '' }: Step): boolean =>
  name.startsWith('Park') && (outcome !== 'failed' || ENDED_WAITS.includes(error));

/** The error that parked the order: the state's input names it. */
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

/** How far the time of entry in the engine's history may differ from the one it told the state. */
const SKEW_MS = 1_000;

/** Who ended this wait. It is found by when it began: when it ended depends on whose clock one asks. */
const resumptionOf = ({ name, enteredAt }: Step, { resumptions = {}, parkedAt }: OrderRecord) => {
  const away = (begun: string) => Math.abs(Date.parse(begun) - Date.parse(enteredAt));
  return (
    Object.entries(resumptions)
      // A word for the wait that still goes on has not taken effect.
      .filter(([begun, { state }]) => begun !== parkedAt && state === name && away(begun) <= SKEW_MS)
      .sort(([a], [b]) => away(a) - away(b))[0]?.[1]
  );
};

/** A resumption is never shown before its wait began, whatever the clocks say. */
const resumedBy = (begun: string, { at, state, by, notes }: Resumption) =>
  resumed([begun, at].sort()[1] as string, state, by, notes);

/**
 * From the engine's history: that a workflow waited in this step, and what ended the wait; empty if it did not wait.
 */
export const parkingEntriesIn = (step: Step, order: OrderRecord): ParkingEntry[] => {
  if (!hasWaited(step)) return [];
  const { name, enteredAt, leftAt, outcome, error } = step;
  const begun = parked(enteredAt, name, errorIn(step));
  const resumption = resumptionOf(step, order);
  // If the workflow was ended before it could go on, the operator's word is on record all the same.
  if (!leftAt) return [begun, ...(resumption ? [resumedBy(enteredAt, resumption)] : [])];
  if (outcome === 'failed' && error === TIMED_OUT) return [begun, resumed(leftAt, name, 'time-out')];
  return [begun, resumed(leftAt, name, resumption?.by ?? 'operator', resumption?.notes)];
};

/** From our own records: for waits without a workflow, and where the engine's history does not reach back. */
export const parkingEntriesOnRecord = (
  steps: readonly Step[],
  events: readonly LoggedEvent[],
  order: OrderRecord,
): ParkingEntry[] => {
  const [first] = steps;
  const isUntold = (name: string, parkedAt: string) =>
    name === 'Recovery' || !first || parkedAt < first.enteredAt;
  const told = events
    .filter(({ type }) => type === 'OrderNeedsAttention')
    .map(({ occurredAt, data }) => parked(occurredAt, String(data.state), String(data.error)));
  const { parking, parkedAt = '' } = order;
  // The event may not have reached the audit log yet.
  const isNews = parking && !told.some(({ at }) => at === parkedAt);
  const waits = [...told, ...(isNews ? [parked(parkedAt, parking.state, parking.error)] : [])].filter(
    ({ name, at }) => isUntold(name, at),
  );
  const ended = Object.entries(order.resumptions ?? {})
    .filter(([begun, { state }]) => begun !== parkedAt && isUntold(state, begun))
    .map(([begun, resumption]) => resumedBy(begun, resumption));
  return [...waits, ...ended];
};
