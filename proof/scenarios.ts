import type { CallFaultKind } from '../local/faults/calls.ts';
import { STEP_NAMES, STEPS, type StepName } from '../saga/steps.ts';
import { REFUSED, WISHES } from '../testbed/wishes.ts';
import type { Act } from './acts.ts';
import { AWAITED, PRUNED, WEBHOOKS } from './payment-scenarios.ts';
import type { PlannedFault } from './plan.ts';
import { attemptsOf, HANDLER_CALLS } from './saga.ts';
import type { Scenario } from './scenario.ts';

const every = (state: string, fault: PlannedFault['fault'] = 'error-before'): PlannedFault[] =>
  Array.from({ length: attemptsOf(state) }, (_, index) => ({ state, attempt: index + 1, fault }));
const first = (state: string, fault: PlannedFault['fault'], more: Partial<PlannedFault> = {}) => ({
  state,
  attempt: 1,
  fault,
  ...more,
});
const aborted = (state: string) =>
  first(state, 'abort', HANDLER_CALLS[state] === undefined ? {} : { calls: HANDLER_CALLS[state] });

const confirmed = (
  acts: Scenario['acts'] = [],
  faults: readonly PlannedFault[] = [],
  more: Partial<Scenario> = {},
): Scenario => ({ wish: 'happy', faults, acts, end: 'CONFIRMED', ...more });
const cancelled = (
  faults: readonly PlannedFault[],
  acts: Scenario['acts'] = [],
  more: Partial<Scenario> = {},
): Scenario => ({ wish: 'happy', faults, acts, end: 'CANCELLED', ...more });

const AMBIGUOUS = first('CreateShipment', 'error-after');
const LATE: readonly CallFaultKind[] = ['timed-out', 'late-next', 'late-rest', 'late-end'];

/** The carrier could not be reached at first; by the time it can, the parcel has left. */
const LEAVES: readonly Act[] = ['let the parcel leave', 'resume'];

/** A step that is still in flight when its undo is skipped as settled by hand. */
const inFlight = (step: StepName): [string, Scenario][] =>
  Array.from({ length: (HANDLER_CALLS[step] ?? 0) + 1 }, (_, calls) => [
    `${step} in flight after ${calls} calls, its undo parked and skipped`,
    cancelled(
      [
        first(step, 'timeout-after', { calls, until: 'PublishOrderCancelled' }),
        ...every(STEPS[step].undo.name),
      ],
      [`skip ${STEPS[step].undo.name}`],
      { isWhole: true },
    ),
  ]);

/** What may happen to every step alike, and to its undo. */
const ofStep = (step: StepName): [string, Scenario][] => {
  const undo = STEPS[step].undo.name;
  return [
    [`${step} is ambiguous`, cancelled([first(step, 'error-after')])],
    [`${undo} parks`, cancelled([AMBIGUOUS, ...every(undo)], ['resume'])],
    [`${undo} is settled by hand`, cancelled([AMBIGUOUS, ...every(undo)], [`skip ${undo}`])],
    ...inFlight(step),
  ];
};

const ALONE: Readonly<Record<string, Scenario>> = {
  happy: confirmed(),
  'placed again': confirmed(['place again']),
  ...Object.fromEntries(
    WISHES.filter((wish) => REFUSED[wish]).map((wish) => [wish, cancelled([], [], { wish })]),
  ),
  ...Object.fromEntries(STEP_NAMES.flatMap(ofStep)),

  'parked at the refund twice': cancelled(
    [AMBIGUOUS, ...every('RefundPayment'), ...every('RefundPayment')],
    ['resume', 'resume'],
  ),
  'goods settled by hand, then aborted': cancelled(
    [AMBIGUOUS, ...every('CancelShipment'), ...every('CancelShipment')],
    ['skip ReleaseInventory', 'stop'],
  ),
  'parked at the confirmation': confirmed(['resume'], every('PublishOrderConfirmed')),
  'parked at the cancellation': cancelled(every('PublishOrderCancelled'), ['resume'], {
    wish: 'undeliverable',
  }),

  'cancelled by its customer': cancelled([], ['cancel']),
  'cancelled by an operator': cancelled([], ['cancel as operator']),
  'its cancellation parks': cancelled(every('RefundPayment'), ['cancel', 'resume']),
  'its cancellation is aborted': cancelled([aborted('ReleaseInventory')], ['cancel']),

  'left in between': confirmed(['cancel', ...LEAVES, 'keep'], every('CancelShipment')),
  'left before it was confirmed': confirmed([...LEAVES, 'keep'], [AMBIGUOUS, ...every('CancelShipment')]),
  'its keeping is aborted': confirmed(
    ['cancel', ...LEAVES, 'keep'],
    [...every('CancelShipment'), aborted('KeepShipment')],
  ),
  'parked at its keeping': confirmed(
    ['cancel', ...LEAVES, 'keep', 'resume'],
    [...every('CancelShipment'), ...every('PublishOrderKept')],
  ),

  'aborted at the charge': cancelled([aborted('ChargePayment')]),
  'aborted at the shipment': cancelled([aborted('CreateShipment')]),
  'aborted at the release': cancelled([AMBIGUOUS, aborted('ReleaseInventory')]),
  'aborted while parked': cancelled([AMBIGUOUS, ...every('RefundPayment')], ['stop']),
  'aborted at its confirmation': confirmed([], [aborted('PublishOrderConfirmed')]),
  'aborted four times': cancelled(
    [
      aborted('CreateShipment'),
      aborted('CancelShipment'),
      aborted('ReleaseInventory'),
      aborted('RefundPayment'),
    ],
    ['resume'],
  ),
  'aborted and not told': cancelled([aborted('CreateShipment')], ['reconcile'], { isUntold: true }),
  'its end not heard of': confirmed(['forget the outcome', 'reconcile']),
  'its end not heard of, then its cancellation parks': cancelled(every('RefundPayment'), [
    'forget the outcome',
    'reconcile',
    'cancel',
  ]),
  'its confirmation and its cancellation aborted': cancelled(
    [aborted('PublishOrderConfirmed'), aborted('PublishOrderConfirmed'), aborted('ReleaseInventory')],
    ['cancel'],
  ),
  'its confirmation never answered, its cancellation aborted': cancelled(
    [...every('PublishOrderConfirmed', 'error-after'), aborted('ReleaseInventory')],
    ['cancel'],
  ),

  'the goods return': cancelled([], ['let the rival cancel'], { isScarce: true }),
  'its card is blocked meanwhile': confirmed([], [], {
    meanwhile: { act: 'block the card', function: 'ChargePayment', faults: LATE },
  }),
  'its address is gone meanwhile': confirmed([], [], {
    meanwhile: { act: 'lose the address', function: 'CreateShipment', faults: LATE },
  }),
};

/** The families of lives: the scenarios that plans about single calls are made of. */
export const FAMILIES_OF_LIVES = {
  calls: ALONE,
  awaited: AWAITED,
  webhooks: WEBHOOKS,
  pruned: PRUNED,
} as const satisfies Readonly<Record<string, Readonly<Record<string, Scenario>>>>;
export type FamilyOfLives = keyof typeof FAMILIES_OF_LIVES;
/** Those that a live provider alone leads. */
export const AT_STRIPE_ALONE: readonly FamilyOfLives[] = ['awaited', 'webhooks', 'pruned'];

/** Points in an order's life at which several people may act on it. */
const POINTS: Readonly<Record<string, Scenario>> = {
  'on its way': confirmed([], [], { isHurried: true }),
  confirmed: confirmed(),
  'its end not heard of': confirmed(['forget the outcome']),
  'on its way to goods that are taken': cancelled([], [], { isScarce: true, isHurried: true }),
  'parked at the shipment': cancelled([AMBIGUOUS, ...every('CancelShipment')]),
  'parked at the refund': cancelled([AMBIGUOUS, ...every('RefundPayment')]),
  'parked at the confirmation': confirmed([], every('PublishOrderConfirmed')),
  'its cancellation parked': cancelled(every('RefundPayment'), ['cancel']),
  'aborted and not told': cancelled([aborted('CreateShipment')], [], { isUntold: true }),
  'aborted four times': cancelled([
    aborted('CreateShipment'),
    aborted('CancelShipment'),
    aborted('ReleaseInventory'),
    aborted('RefundPayment'),
  ]),
};

const AT_ONCE: readonly Act[] = [
  'place again',
  'cancel',
  'cancel as operator',
  'resume',
  'skip RefundPayment',
  'reconcile',
  'stop',
  'let the rival cancel',
];
/** Acts that must not coincide with an undo being settled by hand: no software could help. */
const UNDOES: readonly Act[] = ['resume', 'stop', 'skip RefundPayment'];
const isSensible = (point: Scenario, one: Act, other: Act): boolean =>
  !([one, other].includes('skip RefundPayment') && UNDOES.includes(one) && UNDOES.includes(other)) &&
  (point.isScarce || ![one, other].includes('let the rival cancel'));

/** At each point any two acts at the same time, whichever comes first. */
export const TOGETHER: Readonly<Record<string, Scenario>> = Object.fromEntries(
  Object.entries(POINTS).flatMap(([name, point]) =>
    AT_ONCE.flatMap((one) =>
      AT_ONCE.filter((other) => isSensible(point, one, other)).map((other) => [
        `${name}: ${one} and ${other}`,
        { ...point, acts: [...point.acts, [one, other]] },
      ]),
    ),
  ),
);

/** Every scenario by its name. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  ...ALONE,
  ...AWAITED,
  ...WEBHOOKS,
  ...PRUNED,
  ...TOGETHER,
};
export const SCENARIO_NAMES = Object.keys(SCENARIOS);
