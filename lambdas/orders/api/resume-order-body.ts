import type { ResumeOrder } from '../../../api/requests/resume-order.ts';
import { KEEP, UNDOS } from '../../../saga/steps.ts';
import type { Parking } from '../order.ts';

/** Where an order waits for an undo; anywhere else it waits for a publication. */
const WITH_UNDOS = ['ParkUndo', 'Recovery'];

const settledIn = (resolutions: object): string[] => UNDOS.filter((undo) => undo in resolutions);

/** The field that asks for what is impossible where the order waits, and why; undefined if everything is possible. */
export const refusalOf = (
  { keep, resolutions }: ResumeOrder,
  { state, error, resolutions: earlier }: Parking,
): { readonly field: string; readonly message: string } | undefined => {
  const hasResolutions = settledIn(resolutions).length > 0;
  if (hasResolutions && !WITH_UNDOS.includes(state))
    return { field: 'resolutions', message: `must be empty: in ${state} there is no undo to settle` };
  if (!keep) return undefined;
  const cannot = (because: string) => ({ field: 'keep', message: `must be absent: ${because}` });
  if (hasResolutions) return cannot('what is settled by hand is undone');
  // Only then is nothing undone yet: the carrier refused the very first undo.
  if (state !== 'ParkUndo' || error !== 'ShipmentDispatchedError')
    return cannot(
      `the order waits in ${state} because of ${error}, not of ShipmentDispatchedError in ParkUndo`,
    );
  const [settled] = settledIn(earlier);
  return settled ? cannot(`${settled} was settled by hand`) : undefined;
};

/** The operator's notes, by the state that each is for. */
export const notesIn = ({ keep, resolutions }: ResumeOrder): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ ...resolutions, [KEEP]: keep }).flatMap(([state, word]) =>
      word ? [[state, word.note]] : [],
    ),
  );
