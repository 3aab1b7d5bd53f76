import { STEPS as SAGA, STEP_NAMES, type StepName, UNDOS, type UndoName } from '../saga/steps.ts';
import { REFUSED, WISHES, type Wish } from '../testbed/wishes.ts';

/**
 * The saga as the proof knows it. Its steps, their undos and what they refuse are the saga's own; which way an order goes
 * through them, and how it must end, is written down a second time (`route.ts`), on purpose: so a change of the definition
 * that nobody meant is a difference between the two.
 */

/** A forward step: what it refuses, by which error, and where the undo begins then, or where it fails otherwise. */
export interface Step {
  readonly refuses: readonly Wish[];
  readonly undoneFrom: string;
  readonly undoneBefore: string;
}

/** In the order in which they run, down to the clean end. */
export const UNDO: readonly string[] = [...UNDOS, 'PublishOrderCancelled', 'OrderCancelled'];

const stepOf = (name: StepName): Step => {
  const { undo, refusals } = SAGA[name];
  return {
    refuses: WISHES.filter((wish) => REFUSED[wish] !== undefined && REFUSED[wish] in refusals),
    undoneFrom: undo.name,
    undoneBefore: UNDO[UNDO.indexOf(undo.name) + 1] ?? '',
  };
};
export const STEPS: Readonly<Record<string, Step>> = Object.fromEntries(
  STEP_NAMES.map((name) => [name, stepOf(name)]),
);
export const FORWARD: readonly string[] = [...STEP_NAMES, 'PublishOrderConfirmed'];
export const PUBLICATIONS = ['PublishOrderConfirmed', 'PublishOrderCancelled'];
export const PARKINGS = ['ParkConfirmation', 'ParkUndo', 'ParkCancellation'];
/** Where an order goes instead of its undo that an operator keeps, as its parcel has left. */
export const KEEPING = ['KeepShipment', 'PublishOrderKept', 'ParkKeeping'];

/** Stands between the tasks of one workflow and those of the next, which goes on with an order whose first was ended. */
export const NEXT_WORKFLOW = 'next workflow';

/** How many calls of AWS each handler makes where it goes through: a fault may strike before each, and after the last. A test counts them. */
export const HANDLER_CALLS: Readonly<Record<string, number>> = {
  ChargePayment: 6,
  ReserveInventory: 1,
  CreateShipment: 6,
  CancelShipment: 4,
  ReleaseInventory: 2,
  RefundPayment: 5,
} satisfies Readonly<Record<StepName | UndoName, number>>;

/** How often a state is tried. */
export const attemptsOf = (state: string): number => (STEPS[state] ? 5 : 11);
