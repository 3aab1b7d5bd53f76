import { type CallPlan, callPlans, togetherPlans } from './call-plans.ts';
import { FAMILY_NAMES as SAGA_FAMILIES } from './families.ts';
import { byFamily, type Choice, evenly } from './matrix.ts';
import type { Plan } from './plan.ts';
import { recordScenarios } from './record-scenarios.ts';
import { SCENARIO_NAMES } from './scenarios.ts';

export type AnyPlan = Plan | CallPlan;

/** The family of the plans that are about single calls. */
export const CALLS = 'calls';
/** That of two things that are done with an order at the same time. */
export const TOGETHER = 'together';
export const FAMILY_NAMES = [...SAGA_FAMILIES, CALLS, TOGETHER];

/** How many of them the bounded part has, at most: they are many families in one. */
const SHARE_OF_CALLS = 100;
const SHARE_OF_TOGETHER = 40;

/**
 * Every plan that is meant, by its family, or a part of every family. Those about calls are enumerated from what is called where nothing
 * goes wrong, so that it takes a stack to tell them.
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
    // Of a scenario that is named the others are not needed.
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
