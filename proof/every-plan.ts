import { type CallPlan, callPlans, togetherPlans } from './call-plans.ts';
import { FAMILY_NAMES as SAGA_FAMILIES } from './families.ts';
import { byFamily, type Choice, evenly } from './matrix.ts';
import type { Plan } from './plan.ts';
import { recordScenarios } from './record-scenarios.ts';
import { SCENARIO_NAMES } from './scenarios.ts';

export type AnyPlan = Plan | CallPlan;

/** The family of plans about single calls. */
export const CALLS = 'calls';
/** The family of plans about two acts on an order at the same time. */
export const TOGETHER = 'together';
export const FAMILY_NAMES = [...SAGA_FAMILIES, CALLS, TOGETHER];

/** How many of them the bounded proof has at most: they are many families in one. */
const SHARE_OF_CALLS = 100;
const SHARE_OF_TOGETHER = 40;

/**
 * The chosen plans, by family: all, or a part of each family. Plans about calls are made from the calls of a run in
 * which none goes wrong, so this starts a stack.
 */
export const plansOf = async (
  choice: Choice,
  isBounded: boolean,
): Promise<ReadonlyMap<string, readonly AnyPlan[]>> => {
  const { families = FAMILY_NAMES, about = '' } = choice;
  const part = (plans: readonly CallPlan[], share: number) => {
    const meant = plans.filter(({ id }) => id.includes(about));
    return isBounded ? evenly(meant, share) : meant;
  };
  const recorded = async () => {
    // If a scenario is named, the others are not needed.
    const named = SCENARIO_NAMES.filter((name) => about.startsWith(name));
    return recordScenarios(named.length > 0 ? named : SCENARIO_NAMES);
  };
  return new Map<string, readonly AnyPlan[]>([
    ...byFamily(choice, isBounded),
    ...(families.includes(CALLS)
      ? [[CALLS, part(callPlans(await recorded()), SHARE_OF_CALLS)] as const]
      : []),
    ...(families.includes(TOGETHER) ? [[TOGETHER, part(togetherPlans(), SHARE_OF_TOGETHER)] as const] : []),
  ]);
};
