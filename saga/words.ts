import { KEEP, STEP_NAMES, STEPS, type Step, type StepName, type UndoName, type Words } from './steps.ts';

/** An undo's step, and what the undo says where nobody knows whether that had any effect. */
interface Undoing {
  readonly step: string;
  readonly perhaps: string;
}
export interface StateWords extends Words {
  readonly undoes?: Undoing;
}

const WORDS: ReadonlyMap<string, StateWords> = new Map<string, StateWords>([
  ...STEP_NAMES.flatMap((step): [string, StateWords][] => {
    const { words, undo, waits = {}, expiry }: Step = STEPS[step];
    return [
      [step, words],
      ...Object.values(waits).map(({ state, words }): [string, StateWords] => [state, words]),
      ...(expiry ? [[expiry.state, expiry.words] satisfies [string, StateWords]] : []),
      [undo.name, { ...undo.words, undoes: { step, perhaps: undo.perhaps } }],
    ];
  }),
  [
    KEEP,
    {
      done: 'order kept: the parcel is on its way',
      failed: 'the order could not be kept',
      doing: 'keeping the order',
    },
  ],
  [
    'PublishOrderConfirmed',
    {
      done: 'order confirmed',
      failed: 'nobody could be told that the order is confirmed',
      doing: 'telling that the order is confirmed',
    },
  ],
  [
    'PublishOrderKept',
    {
      done: 'order confirmed as before: nothing is undone',
      failed: 'nobody could be told that the order is kept',
      doing: 'telling that the order is kept',
    },
  ],
  [
    'PublishOrderCancelled',
    {
      done: 'order cancelled: everything is undone',
      failed: 'nobody could be told that the order is cancelled',
      doing: 'telling that the order is cancelled',
    },
  ],
  ['RetryUndo', { done: 'the undo begins anew', failed: '', doing: '' }],
]);

/** What a state does. One that nobody has words for is told by its name. */
export const wordsFor = (state: string): StateWords =>
  WORDS.get(state) ?? { done: `${state} done`, failed: `${state} failed`, doing: `${state} is under way` };

/** The undo of a step; undefined where it has none. */
export const undoOf = (step: string): UndoName | undefined =>
  Object.hasOwn(STEPS, step) ? STEPS[step as StepName].undo.name : undefined;
