import { REASONS, UNDECIDED } from '../../../saga/reasons.ts';

/** Why an order did not go through: the error's name for programs, a sentence for people. */
export interface Failure {
  readonly error: string;
  readonly message: string;
}

/** Whether the API promises this name. */
export const isKnown = (error: string): boolean => REASONS.has(error) || UNDECIDED.has(error);

export const failureBy = (error: string): Failure => ({
  error,
  message: REASONS.get(error)?.message ?? UNDECIDED.get(error) ?? 'A step failed for a technical reason.',
});

/** The undos that have run for an order cancelled for this reason; undefined if the reason does not tell. */
export const undoneFor = (error: string): readonly string[] | undefined => REASONS.get(error)?.undone;
