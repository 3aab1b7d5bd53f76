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

/** A fault half-way through a handler: before each of its calls, and after the last. */
const callByCall = (state: string, fault: FaultKind): Shape[] => {
  const calls = HANDLER_CALLS[state];
  return calls === undefined
    ? [{ fault }]
    : Array.from({ length: calls + 1 }, (_, count) => ({ fault, calls: count }));
};

/** Every fault of one attempt of a state, except the end of the whole workflow. */
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

/** Every way into the undo chain: each enters it at another point, or leaves something else behind to undo. */
const TRIGGERS: readonly Draft[] = STEP_NAMES.flatMap((state): Draft[] => [
  ...(STEPS[state]?.refuses ?? []).map((wish) => ({ wish, faults: [] })),
  { wish: 'happy', faults: [{ state, attempt: 1, fault: 'error-before' }] },
  { wish: 'happy', faults: [{ state, attempt: 1, fault: 'error-after' }] },
]);
const HAPPY: Draft = { wish: 'happy', faults: [] };
/** The order that the last step refuses. */
const LAST_REFUSED = TRIGGERS.filter(({ wish }) => wish === WISHES.at(-1));

/** The states that a late handler may wait for: the rest of the undo chain. */
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
  // Taken for failed and retried, it goes on once the second attempt has done the same, or has failed for good.
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

/** Failures of an attempt whose handler is through, or has not begun: good for every attempt in a row. */
const FAILING: readonly Shape[] = [
  { fault: 'error-before' },
  { fault: 'error-after' },
  { fault: 'timeout-before' },
  { fault: 'timeout-after', calls: 9 },
  { fault: 'throttle' },
  { fault: 'crash' },
];

/**
 * An undo or a publication all of whose attempts fail: the order parks, and is resumed; once, twice, or in two places.
 */
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

/** The workflow is ended from outside at each state, with the task's handler at any point of its work. */
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
  // Then a fault of the second workflow, which undoes what the first left, or publishes it.
  const second = [...STEP_STATES, FIRST_UNDO, ...UNDOS.slice(-1), ...PUBLICATIONS].flatMap((state) =>
    [...UNDO_STATES, ...PUBLICATIONS].flatMap((undo) => {
      const abort: PlannedFault = {
        state,
        attempt: 1,
        fault: 'abort',
        ...(HANDLER_CALLS[state] && { calls: 1 }),
      };
      const trigger = STEPS[state] || state === 'PublishOrderConfirmed' ? HAPPY : (TRIGGERS.at(-1) ?? HAPPY);
      return [
        ...FAILING.map((shape) => also(trigger, abort, { state: undo, attempt: 1, ...shape })),
        also(trigger, abort, ...everyAttempt(undo, { fault: 'error-before' })),
        also(trigger, abort, ...everyAttempt(undo, { fault: 'error-after' })),
      ];
    }),
  );
  return [...first, ...second];
};

/**
 * One fault of each kind. Handlers are late by every call, and dead or aborted where it hurts: between effect and
 * record.
 */
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

/** Any two faults that one order can meet; for two in the undo chain, of an order that gets there. */
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

/** Ended from outside again and again: three times the order goes on by itself, then an operator is asked. */
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
          // An order whose end is published is complete: no fifth workflow follows.
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

/** The possible plans of each family; a plan that several have is in the first only. */
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
