import { UNDECIDED } from '../saga/reasons.ts';
import { WAITS } from '../saga/steps.ts';

/** A state of the Amazon States Language, as far as the console looks into it. */
export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts?: number }[];
}
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** A transition from one state to another; `errors` where only a failure leads there. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly kind: 'next' | 'choice' | 'catch';
  readonly errors: readonly string[];
}

/** Every pair of states that follow each other, once. Where several transitions join them, the more ordinary kind counts. */
export const transitionsOf = ({ States }: Definition): Transition[] =>
  Object.entries(States).flatMap(([from, { Next, Default, Choices = [], Catch = [] }]) => {
    const all: Omit<Transition, 'from'>[] = [
      ...(Next ? [{ to: Next, kind: 'next' as const, errors: [] }] : []),
      ...(Default ? [{ to: Default, kind: 'next' as const, errors: [] }] : []),
      ...Choices.map((choice) => ({ to: choice.Next, kind: 'choice' as const, errors: [] })),
      ...Catch.map((each) => ({ to: each.Next, kind: 'catch' as const, errors: each.ErrorEquals })),
    ];
    return [...Map.groupBy(all, ({ to }) => to)].map(([to, ways]) => ({
      from,
      to,
      kind: ways[0]?.kind ?? 'next',
      errors: ways.flatMap(({ errors }) => errors),
    }));
  });

/** The states entered from one on where nothing fails; a loop ends before it closes. */
export const chainFrom = ({ States }: Definition, start: string): string[] => {
  const chain: string[] = [];
  let at: string | undefined = start;
  while (at && States[at] && !chain.includes(at)) {
    chain.push(at);
    at = States[at]?.Next ?? States[at]?.Default;
  }
  return chain;
};

/** The states of the way forward: the steps in their order, and where they wait for others. */
export const forwardIn = (definition: Definition): readonly string[] => [
  ...chainFrom(definition, definition.StartAt),
  ...WAITS.keys(),
];

/** By which a step says that others have to decide first: it has not failed. */
export const hasToWait = (error: string | undefined): boolean => UNDECIDED.has(error ?? '');

/** Where the workflow waits for a person. */
export const isParking = ({ States }: Definition, state: string): boolean =>
  !WAITS.has(state) && (States[state]?.Resource?.endsWith('.waitForTaskToken') ?? false);

/** Nothing comes after it. */
export const isEnd = ({ States }: Definition, state: string): boolean =>
  !States[state]?.Next && !States[state]?.Default;

/** How often a task is tried at most: once, and once more for each retry of an error that nobody has a name for. */
export const attemptsOf = ({ States }: Definition, state: string): number =>
  1 + (States[state]?.Retry?.find(({ ErrorEquals }) => ErrorEquals.includes('States.ALL'))?.MaxAttempts ?? 0);
