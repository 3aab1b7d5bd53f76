import type { FaultKind } from '../local/faults/faults.ts';
import { FIRST_UNDO, STEP_NAMES, UNDOS } from '../saga/steps.ts';
import { WISHES } from '../testbed/wishes.ts';
import { type Plan, type PlannedFault, planOf, reached } from './plan.ts';
import { routeOf } from './route.ts';
import { attemptsOf, HANDLER_CALLS, PARKINGS, PUBLICATIONS, STEPS, UNDO } from './saga.ts';

type Shape = Pick<PlannedFault, 'fault' | 'calls'>;
type Draft = Pick<Plan, 'wish' | 'faults'>;

const STEP_STATES: readonly string[] = STEP_NAMES;
const UNDO_STATES: readonly string[] = UNDOS;
const AT_ONCE: readonly FaultKind[] = [
  'error-before',
  'error-after',
  'timeout-before',
  'throttle',
  'duplicate',
];

/** A fault that strikes half-way through a handler, before each of its calls and after the last. */
const callByCall = (state: string, fault: FaultKind): Shape[] => {
  const calls = HANDLER_CALLS[state];
  return calls === undefined
    ? [{ fault }]
    : Array.from({ length: calls + 1 }, (_, count) => ({ fault, calls: count }));
};

/** All the faults that can hit one attempt of a state, but for the end of the whole workflow. */
const shapesOf = (state: string): Shape[] => [
  ...AT_ONCE.map((fault) => ({ fault })),
  ...callByCall(state, 'timeout-after'),
  ...callByCall(state, 'reported-failed'),
  ...callByCall(state, 'crash'),
];

const attemptsIn = (state: string): number[] => {
  const last = attemptsOf(state);
  return [1, (last + 1) / 2, last];
};

/** All ways into the undo chain, each to a different point of it, or with something else left behind to undo. */
const TRIGGERS: readonly Draft[] = STEP_NAMES.flatMap((state): Draft[] => [
  ...(STEPS[state]?.refuses ?? []).map((wish) => ({ wish, faults: [] })),
  { wish: 'happy', faults: [{ state, attempt: 1, fault: 'error-before' }] },
  { wish: 'happy', faults: [{ state, attempt: 1, fault: 'error-after' }] },
]);
const HAPPY: Draft = { wish: 'happy', faults: [] };
/** Undone from the last step but one. */
const LAST_REFUSED = TRIGGERS.filter(({ wish }) => wish === WISHES.at(-1));

/** The states that a late handler may wait for: all that the undo chain still comes to. */
const laterThan = (state: string): string[] => {
  const step = STEPS[state];
  if (step) return UNDO.slice(UNDO.indexOf(step.undoneFrom));
  return UNDO.includes(state) ? UNDO.slice(UNDO.indexOf(state) + 1) : [];
};

const also = ({ wish, faults }: Draft, ...more: readonly PlannedFault[]): Draft => ({
  wish,
  faults: [...faults, ...more],
});
const everyAttempt = (state: string, shape: Shape): PlannedFault[] =>
  Array.from({ length: attemptsOf(state) }, (_, index) => ({ state, attempt: index + 1, ...shape }));

const steps = (): Draft[] =>
  WISHES.flatMap((wish) =>
    STEP_STATES.flatMap((state) =>
      attemptsIn(state).flatMap((attempt) =>
        shapesOf(state).map((shape) => ({ wish, faults: reached({ state, attempt, ...shape }) })),
      ),
    ),
  );

const undos = (): Draft[] =>
  TRIGGERS.flatMap((trigger) =>
    UNDO_STATES.flatMap((state) =>
      attemptsIn(state).flatMap((attempt) =>
        shapesOf(state).map((shape) => also(trigger, ...reached({ state, attempt, ...shape }))),
      ),
    ),
  );

const publications = (): Draft[] =>
  [HAPPY, ...TRIGGERS].flatMap((trigger) =>
    PUBLICATIONS.flatMap((state) =>
      attemptsIn(state).flatMap((attempt) =>
        shapesOf(state).map((shape) => also(trigger, ...reached({ state, attempt, ...shape }))),
      ),
    ),
  );

const lateArrivals = (): Draft[] => [
  ...STEP_STATES.flatMap((state) =>
    attemptsIn(state).flatMap((attempt) =>
      callByCall(state, 'timeout-after').flatMap((shape) =>
        laterThan(state).map((until) => ({
          wish: 'happy' as const,
          faults: reached({ state, attempt, ...shape, until }),
        })),
      ),
    ),
  ),
  // Believed to have failed and tried again, it goes on when the second attempt has done the same, or has failed for good.
  ...STEP_STATES.flatMap((state) =>
    callByCall(state, 'reported-failed').flatMap((shape) =>
      laterThan(state).flatMap((until) =>
        (['error-before', 'error-after'] as const).map((fault) => ({
          wish: 'happy' as const,
          faults: [
            { state, attempt: 1, ...shape, until },
            { state, attempt: 2, fault },
          ],
        })),
      ),
    ),
  ),
  ...TRIGGERS.flatMap((trigger) =>
    UNDO_STATES.flatMap((state) =>
      [1, attemptsOf(state)].flatMap((attempt) =>
        callByCall(state, 'timeout-after').flatMap((shape) =>
          laterThan(state).map((until) => also(trigger, ...reached({ state, attempt, ...shape, until }))),
        ),
      ),
    ),
  ),
];

/** All that makes an attempt fail though its handler is through, or has not begun: good for every attempt in a row. */
const FAILING: readonly Shape[] = [
  { fault: 'error-before' },
  { fault: 'error-after' },
  { fault: 'timeout-before' },
  { fault: 'timeout-after', calls: 9 },
  { fault: 'throttle' },
  { fault: 'crash' },
];

/** An undo or a publication whose every attempt fails: the order parks, and is resumed; once, twice, or in two places. */
const parked = (): Draft[] =>
  [HAPPY, ...TRIGGERS].flatMap((trigger) => [
    ...[...UNDO_STATES, ...PUBLICATIONS].flatMap((state) =>
      FAILING.map((shape) => also(trigger, ...everyAttempt(state, shape))),
    ),
    ...[...UNDO_STATES, ...PUBLICATIONS].map((state) =>
      also(
        trigger,
        ...everyAttempt(state, { fault: 'error-before' }),
        ...everyAttempt(state, { fault: 'error-after' }),
      ),
    ),
    ...UNDO_STATES.flatMap((state, index) =>
      [...UNDO_STATES.slice(index + 1), 'PublishOrderCancelled'].map((second) =>
        also(
          trigger,
          ...everyAttempt(state, { fault: 'error-before' }),
          ...everyAttempt(second, { fault: 'throttle' }),
        ),
      ),
    ),
  ]);

/** Faults of the parking itself: it fails, its wait runs out (`timeout-before`), or its workflow is stopped meanwhile. */
const parkings = (): Draft[] => {
  const kinds: readonly FaultKind[] = ['error-before', 'throttle', 'timeout-before', 'abort'];
  const ways: readonly (readonly [string, Draft, string])[] = [
    ['ParkConfirmation', HAPPY, 'PublishOrderConfirmed'],
    ...TRIGGERS.flatMap((trigger) =>
      UNDO_STATES.map((state): [string, Draft, string] => ['ParkUndo', trigger, state]),
    ),
    ...TRIGGERS.map((trigger): [string, Draft, string] => [
      'ParkCancellation',
      trigger,
      'PublishOrderCancelled',
    ]),
  ];
  return ways.flatMap(([parking, trigger, state]) =>
    kinds.flatMap((fault) =>
      [1, 11].map((attempt) =>
        also(
          trigger,
          ...everyAttempt(state, { fault: 'throttle' }),
          ...reached({ state: parking, attempt, fault }),
        ),
      ),
    ),
  );
};

/** The workflow ended from outside at each state, with the task's handler at any point of its work. */
const aborts = (): Draft[] => {
  const abortsAt = (state: string): PlannedFault[][] =>
    attemptsIn(state).flatMap((attempt) =>
      callByCall(state, 'abort').map((shape) => reached({ state, attempt, ...shape })),
    );
  const first = [
    ...WISHES.flatMap((wish) =>
      STEP_STATES.flatMap((state) => abortsAt(state).map((faults) => ({ wish, faults }))),
    ),
    ...[HAPPY, ...TRIGGERS].flatMap((trigger) =>
      [...UNDO_STATES, ...PUBLICATIONS].flatMap((state) =>
        abortsAt(state).map((faults) => also(trigger, ...faults)),
      ),
    ),
  ];
  // And the faults of the second workflow, which undoes what the first has left, or tells of it.
  const second = [...STEP_STATES, FIRST_UNDO, ...UNDOS.slice(-1), ...PUBLICATIONS].flatMap((state) =>
    [...UNDO_STATES, ...PUBLICATIONS].flatMap((undo) => {
      const abort: PlannedFault = {
        state,
        attempt: 1,
        fault: 'abort',
        ...(HANDLER_CALLS[state] && { calls: 1 }),
      };
      const path = STEPS[state] || state === 'PublishOrderConfirmed' ? HAPPY : (TRIGGERS.at(-1) ?? HAPPY);
      return [
        ...FAILING.map((shape) => also(path, abort, { state: undo, attempt: 1, ...shape })),
        also(path, abort, ...everyAttempt(undo, { fault: 'error-before' })),
        also(path, abort, ...everyAttempt(undo, { fault: 'error-after' })),
      ];
    }),
  );
  return [...first, ...second];
};

/** One of each kind; half-way ones late by every call, dead or aborted where it hurts: between the effect and its record. */
const tellingShapesOf = (state: string): Shape[] => {
  const calls = HANDLER_CALLS[state];
  const halfWay = calls === undefined ? {} : { calls: Math.max(1, calls - 1) };
  return [
    ...AT_ONCE.map((fault) => ({ fault })),
    ...callByCall(state, 'timeout-after'),
    { fault: 'reported-failed', ...halfWay },
    { fault: 'crash', ...halfWay },
    { fault: 'crash' },
    { fault: 'abort', ...halfWay },
    ...(calls === undefined ? [] : [{ fault: 'abort' as const, calls: 0 }]),
  ];
};

/** Any two faults that one order can meet; for two in the undo chain, an order that comes there. */
const pairs = (): Draft[] => {
  const single = [...STEP_STATES, ...UNDO_STATES, ...PUBLICATIONS].flatMap((state) =>
    tellingShapesOf(state).map((shape): PlannedFault => ({ state, attempt: 1, ...shape })),
  );
  const carriers = [HAPPY, ...LAST_REFUSED, TRIGGERS.at(-1) ?? HAPPY];
  return single.flatMap((one) =>
    single.flatMap((other) => {
      const faults = [one, other.state === one.state ? { ...other, attempt: 2 } : other];
      const carrier = carriers.find(
        (each) =>
          !each.faults.some(({ state }) => state === one.state || state === other.state) &&
          isPossible(also(each, ...faults)),
      );
      return carrier ? [also(carrier, ...inOrder(faults))] : [];
    }),
  );
};

/** Ended from outside again and again: three times it goes on by itself, then an operator is asked. */
const relapses = (): Draft[] => {
  const abortAt = (state: string): PlannedFault => ({
    state,
    attempt: 1,
    fault: 'abort',
    ...(HANDLER_CALLS[state] && { calls: 1 }),
  });
  const undoing = [...UNDO_STATES, 'PublishOrderCancelled'].map(abortAt);
  const confirming = abortAt('PublishOrderConfirmed');
  return [
    ...STEP_STATES.flatMap((state) =>
      undoing.flatMap((second) =>
        undoing.flatMap((third) =>
          // An order whose end was published is complete: nothing makes it go on to a fifth.
          (third.state === 'PublishOrderCancelled' ? [[], [second]] : [[], [second], [third, third]]).map(
            (more) => also(HAPPY, abortAt(state), second, third, ...more),
          ),
        ),
      ),
    ),
    ...[2, 3, 4].map((times) => also(HAPPY, ...Array.from({ length: times }, () => confirming))),
  ];
};

const STATE_ORDER = [...STEP_STATES, ...UNDO_STATES, ...PUBLICATIONS, ...PARKINGS];
const inOrder = (faults: readonly PlannedFault[]): PlannedFault[] =>
  faults.toSorted(
    (a, b) => STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state) || a.attempt - b.attempt,
  );

const isPossible = (draft: Draft): boolean => routeOf(draft).unreached.length === 0;

const FAMILIES: Readonly<Record<string, () => readonly Draft[]>> = {
  wishes: () => WISHES.map((wish) => ({ wish, faults: [] })),
  steps,
  undos,
  publications,
  late: lateArrivals,
  parked,
  parkings,
  aborts,
  relapses,
  pairs,
};
export const FAMILY_NAMES = Object.keys(FAMILIES);

/** The plans of each family: the possible ones, and each only in the first family that has it. */
export const families = (): ReadonlyMap<string, readonly Plan[]> => {
  const known = new Set<string>();
  return new Map(
    Object.entries(FAMILIES).map(([family, drafts]) => [
      family,
      drafts()
        .filter(isPossible)
        .map(({ wish, faults }) => planOf(wish, faults))
        .filter(({ id }) => {
          if (known.has(id)) return false;
          known.add(id);
          return true;
        }),
    ]),
  );
};
