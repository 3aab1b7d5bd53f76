import { FIRST_UNDO, STEP_NAMES, STEPS, type StepName, UNDOS, type UndoName } from '../../saga/steps.ts';

export const HAPPY: readonly string[] = [...STEP_NAMES, 'PublishOrderConfirmed'];

/** The states of a happy order up to a step, which comes last. */
export const upTo = (step: StepName): readonly string[] => HAPPY.slice(0, HAPPY.indexOf(step) + 1);

const CLEAN_END = ['PublishOrderCancelled', 'OrderCancelled'];

/** The states of the undo chain from a given undo on, to the clean end. */
export const undoneFrom = (first: UndoName | 'PublishOrderCancelled'): readonly string[] =>
  first === 'PublishOrderCancelled'
    ? CLEAN_END
    : [...UNDOS.slice(UNDOS.indexOf(first)), 'IsEverythingUndone', ...CLEAN_END];

/** The whole of it. */
export const UNDONE = undoneFrom(FIRST_UNDO);

/** The same from a step's own undo on, or from that of the step before. */
export const undone = {
  from: (step: StepName) => undoneFrom(STEPS[step].undo.name),
  before: (step: StepName) =>
    undoneFrom(UNDOS[UNDOS.indexOf(STEPS[step].undo.name) + 1] ?? 'PublishOrderCancelled'),
};
