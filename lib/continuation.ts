import { FIRST_UNDO } from '../saga/steps.ts';
import { type Definition, enteredAt } from './entered-at.ts';

/** Where an execution begins that goes on with an order after another one; its input says from where. */
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
 * What goes on with an order after its saga: the same definition, entered further on. One machine for all of it, as a
 * machine runs a name once: so the engine itself keeps an order's executions in one sequence.
 */
export const continuationOf = <D extends Definition>(saga: D): D =>
  enteredAt({ ...saga, States: { ...saga.States, GoOn: GO_ON } }, 'GoOn');
