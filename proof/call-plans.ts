import { CALL_FAULT_KINDS, type Call, type CallFault, type CallFaultKind } from '../local/faults/calls.ts';
import type { Act } from './acts.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIO_NAMES, SCENARIOS, TOGETHER } from './scenarios.ts';

/** An order that goes through a scenario, and what goes wrong with one of its calls, or none. */
export interface CallPlan {
  readonly id: string;
  readonly scenario: string;
  readonly calls: readonly CallFault[];
}

export const isCallPlan = (plan: object): plan is CallPlan => 'scenario' in plan;

export const callPlanOf = (scenario: string, calls: readonly CallFault[], operation?: string): CallPlan => ({
  id: [
    scenario,
    ...calls.map(
      ({ function: name, call, fault }) =>
        `${name} call ${call}${operation ? ` (${operation})` : ''} ${fault}`,
    ),
  ].join(': '),
  scenario,
  calls,
});

/** A plan, from its printed form. @throws Error if it is not one */
export const parseCallPlan = ({ scenario, calls }: Partial<CallPlan>): CallPlan => {
  if (!scenario || !SCENARIOS[scenario] || !Array.isArray(calls))
    throw new Error(`a plan has a scenario (${SCENARIO_NAMES.join(', ')}) and a list of calls`);
  return callPlanOf(scenario, calls);
};

/** A call made in a scenario in which no call goes wrong. */
export interface RecordedCall extends Call {
  /** Its number among its function's calls about the order, from 1. */
  readonly number: number;
  /** Its function only listens, and decides nothing about the order. */
  readonly isListeners: boolean;
  /**
   * The call and all calls before it: if two scenarios have the same, it makes no difference in which it goes wrong.
   */
  readonly place: string;
}

/** Lambda ends a listener long before it hands it its event again, so none goes on beside the next. */
const LISTENER_FAULTS = CALL_FAULT_KINDS.filter((kind) => !kind.startsWith('late-'));

const faultsOf = (scenario: string, call: RecordedCall): readonly CallFaultKind[] => {
  const { acts = [], meanwhile }: Partial<Scenario> = SCENARIOS[scenario] ?? {};
  if (meanwhile) return meanwhile.function === call.function ? meanwhile.faults : [];
  const kinds = call.isListeners ? LISTENER_FAULTS : CALL_FAULT_KINDS;
  // Without an act to come, being at rest and being at the end are the same.
  return kinds.filter((kind) => kind !== 'late-end' || acts.length > 0);
};

/**
 * Every scenario, and for each of its calls everything that can go wrong with it. A call after the same calls is tried
 * in one scenario only, unless what comes after it matters.
 */
export const callPlans = (
  scenarios: readonly string[],
  recorded: ReadonlyMap<string, readonly RecordedCall[]>,
): CallPlan[] => {
  const known = new Set<string>();
  return scenarios.flatMap((scenario) => [
    callPlanOf(scenario, []),
    ...(recorded.get(scenario) ?? []).flatMap((call) =>
      faultsOf(scenario, call)
        .filter((fault) => {
          const isItsOwn = fault === 'late-end' || SCENARIOS[scenario]?.meanwhile;
          const key = JSON.stringify([call.place, fault, isItsOwn && scenario]);
          if (known.has(key)) return false;
          known.add(key);
          return true;
        })
        .map((fault) =>
          callPlanOf(scenario, [{ function: call.function, call: call.number, fault }], call.operation),
        ),
    ),
  ]);
};

/** By act: the function that does it, and its first call and its last. */
const DOERS: Partial<Record<Act, readonly [name: string, first: number, last: number]>> = {
  'place again': ['PlaceOrder', 5, 6],
  cancel: ['CancelOrder', 1, 5],
  'cancel as operator': ['CancelOrder', 3, 7],
  resume: ['ResumeOrder', 2, 5],
  'skip RefundPayment': ['ResumeOrder', 2, 5],
  reconcile: ['ReconcileOrders', 1, 5],
  stop: ['RecoverOrder', 1, 4],
};
/**
 * Faults that add a third to two at once: someone tries again, while the first attempt goes on or has taken effect
 * unnoticed.
 */
const TELLING: readonly CallFaultKind[] = [
  'late-next',
  'late-rest',
  'dead-after',
  'timed-out',
  'dead-before',
];

/** Two acts at a time: alone, and with a call of each going wrong, in turn in every way. */
export const togetherPlans = (): CallPlan[] =>
  Object.entries(TOGETHER).flatMap(([scenario, { acts }], index) => [
    callPlanOf(scenario, []),
    ...[acts.at(-1) ?? []].flat().flatMap((act, which) => {
      const [name, first, last] = DOERS[act] ?? ['', 1, 0];
      const fault = TELLING[(index + which) % TELLING.length];
      if (!name || !fault) return [];
      const call = first + (index % (last - first + 1));
      return [callPlanOf(scenario, [{ function: name, call, fault }])];
    }),
  ]);
