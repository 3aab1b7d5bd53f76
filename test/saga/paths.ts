import { STEP_NAMES, UNDOS, type UndoName } from '../../saga/steps.ts';

export const HAPPY: readonly string[] = [...STEP_NAMES, 'PublishOrderConfirmed'];

const CLEAN_END = ['PublishOrderCancelled', 'OrderCancelled'];

/** The states of the undo chain from a given undo on, to the clean end. */
export const undoneFrom = (first: UndoName | 'PublishOrderCancelled'): readonly string[] =>
  first === 'PublishOrderCancelled'
    ? CLEAN_END
    : [...UNDOS.slice(UNDOS.indexOf(first)), 'IsEverythingUndone', ...CLEAN_END];
