import { FIRST_UNDO } from '../../saga/steps.ts';
import { type Definition, enteredAt } from './entered-at.ts';

/** The first state of an execution that continues an order after an earlier one; its input says where to go on. */
const GO_ON = {
  Type: 'Choice',
  Comment:
    'With the undo, or, where the order has shipped, at the publication; where it is kept, with its keeping.',
  Choices: ['PublishOrderConfirmed', 'KeepShipment'].map((state) => ({
    Variable: '$.goOnFrom',
    StringEquals: state,
    Next: state,
  })),
  Default: FIRST_UNDO,
};

/**
 * The definition of whatever continues an order after its saga: the same one, entered further on. All of that is one
 * machine, because a machine accepts an execution's name only once: so the engine itself keeps an order's executions in
 * one sequence.
 */
export const continuationOf = <D extends Definition>(saga: D): D =>
  enteredAt({ ...saga, States: { ...saga.States, GoOn: GO_ON } }, 'GoOn');
