import { type Refusal, STEP_NAMES, STEPS, type Step, UNDOS, type UndoName } from './steps.ts';

/** Why an order ended without going through. */
export interface Reason extends Refusal {
  /** The undos that it leads to, where the name alone tells which step it befell. */
  readonly undone?: readonly UndoName[];
}

interface Cancellation {
  readonly message: string;
  /** What their customer reads of it, and of an attempt that came too late: how a letter begins. */
  readonly letter: { readonly cancelled: string; readonly tried: string };
}

/** Why an order is cancelled that had been confirmed, and so paid. */
export const CANCELLATIONS = {
  CancelledByCustomer: {
    message: 'The customer has cancelled the order.',
    letter: {
      cancelled: 'As you asked, we have cancelled your order.',
      tried: 'As you asked, we have tried',
    },
  },
  CancelledByOperator: {
    message: 'An operator has cancelled the order.',
    letter: { cancelled: 'We have cancelled your order.', tried: 'We have tried' },
  },
} as const satisfies Readonly<Record<string, Cancellation>>;
export type CancellationName = keyof typeof CANCELLATIONS;

/** An order that ends so had been confirmed. Any other reason is an error's name. */
export const wasConfirmed = (reason: string): reason is CancellationName =>
  Object.hasOwn(CANCELLATIONS, reason);

/** As undone: the step, which may have had its effect, and what came before it. */
const withItself = (before: number) => UNDOS.slice(UNDOS.length - before - 1);

const expiryOf = ({ expiry }: Step, before: number): [string, Reason][] => {
  if (!expiry) return [];
  const { state, message, isExpected } = expiry;
  return [[state, { message, isExpected, undone: withItself(before) }]];
};

const reasonsOf = (step: Step, before: number): [string, Reason][] => [
  ...Object.entries(step.refusals).map(([name, refusal]): [string, Reason] => [
    name,
    { ...refusal, undone: UNDOS.slice(UNDOS.length - before) },
  ]),
  ...Object.entries(step.unavailable).map(([name, message]): [string, Reason] => [
    name,
    { message, isExpected: false, undone: withItself(before) },
  ]),
  ...expiryOf(step, before),
];

/** The reasons that the API promises: any other is whatever an exception, or AWS, was called. */
export const REASONS: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  ...STEP_NAMES.flatMap((step, before) => reasonsOf(STEPS[step], before)),
  ...Object.entries(CANCELLATIONS).map(([name, { message }]): [string, Reason] => [
    name,
    { message, isExpected: true, undone: UNDOS },
  ]),
  ['ShipmentDispatchedError', { message: 'The parcel has already left.', isExpected: false }],
  ['ExecutionAborted', { message: 'The workflow was ended from outside.', isExpected: false }],
  ['States.Timeout', { message: 'A step did not answer in time.', isExpected: false }],
]);

/** What says that a step is not decided yet, and what a customer reads of it. No order ends so. */
export const UNDECIDED: ReadonlyMap<string, string> = new Map(
  Object.values<Step>(STEPS).flatMap(({ waits = {} }) =>
    Object.entries(waits).map(([error, { message }]) => [error, message]),
  ),
);
