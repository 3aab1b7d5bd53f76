import type { Budget } from './order.ts';

interface Fault {
  readonly why: string;
  /** What has to happen for it to show. */
  readonly shownBy: Partial<Budget>;
}

/** Ways in which the protocol was, or nearly was, each of which loses something: the model has to refute them. */
export const VARIANTS = {
  commitBeforeRecord: {
    why: 'The outside makes it real before its handle is on record: an undo that finds no entry knows of nothing to take back.',
    shownBy: { faults: 1 },
  },
  refusalLeavesNoFence: {
    why: 'Out of stock is answered and nothing written: an earlier attempt that is still on its way takes goods that return.',
    shownBy: { faults: 1 },
  },
  refusalUnheld: {
    why: 'A decline is answered whether or not the write that records it has held, and whoever else commits the same handle.',
    shownBy: { faults: 1, refusals: 1 },
  },
  executionsNamedByPairs: {
    why: 'What follows the saga is numbered in two lines, and of two of the same number one hides the other.',
    shownBy: { aborts: 2, cancels: 1 },
  },
  runsStopAtRunning: {
    why: 'The executions of an order are read up to the first that runs, though another may stand behind it.',
    shownBy: { faults: 1, aborts: 1, cancels: 1 },
  },
  waitingSagaStaysOpen: {
    why: 'A cancellation that died before it began leaves an order open whose saga waits to hear that it is confirmed.',
    shownBy: { faults: 1, losses: 1, cancels: 1 },
  },
  settleUnconditional: {
    why: 'The reconciler closes whatever is open, whether or not it is as it was when it was looked at.',
    shownBy: { faults: 1, cancels: 1, looks: 1 },
  },
  clockReadAfterLook: {
    why: 'Whether an order is about to be cancelled is asked after the engine was looked at.',
    shownBy: { losses: 1, aborts: 1, cancels: 1, looks: 1 },
  },
  cancellationPlacedLate: {
    why: 'A cancellation looks for its place when the order is open already, and finds one behind an end that it knows nothing of.',
    shownBy: { faults: 1, cancels: 2, resumes: 1, departures: 1 },
  },
  lateParkOverwrites: {
    why: 'A parking that comes late puts a token that serves no more in the place of the living one.',
    shownBy: { faults: 2 },
  },
  skipLeavesPrepared: {
    why: 'An undo that was settled by hand is recorded, and what was prepared can be committed after it.',
    shownBy: { faults: 2, resumes: 1, skips: 1 },
  },
  lookReadsOnePage: {
    why: 'A look at an execution ends where a page does, and may not see where the execution was.',
    shownBy: { aborts: 1 },
  },
  recoverForgetsToTell: {
    why: 'Who dies between parking an order and saying so has told nobody, and nobody will.',
    shownBy: { losses: 1, aborts: 2 },
  },
  confirmedParks: {
    why: 'An order that is confirmed, and closed, is parked because its executions have ended too often.',
    shownBy: { losses: 1, aborts: 2 },
  },
} as const satisfies Readonly<Record<string, Fault>>;
export type Variant = keyof typeof VARIANTS;
export const VARIANT_NAMES = Object.keys(VARIANTS) as readonly Variant[];

/** Whether the protocol is as it was, in this way. */
export type Rules = (variant: Variant) => boolean;

export const AS_IT_IS: Rules = () => false;

/** After so many abnormal ends in a row an operator is asked. It is three; what comes after the last is the same. */
export const RECOVERIES = 1;
