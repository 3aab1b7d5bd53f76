import { type CallPlan, callPlans } from './call-plans.ts';
import { FAMILY_NAMES as SAGA_FAMILIES } from './families.ts';
import { bounded, type Choice, evenly, matrix } from './matrix.ts';
import type { Plan } from './plan.ts';
import { recordScenarios } from './record-scenarios.ts';
import { SCENARIO_NAMES } from './scenarios.ts';

export type AnyPlan = Plan | CallPlan;

/** The family of the plans that are about single calls. */
export const CALLS = 'calls';
export const FAMILY_NAMES = [...SAGA_FAMILIES, CALLS];

/** How many of them the bounded part has, at most: they are many families in one. */
const SHARE_OF_CALLS = 120;

/**
 * Every plan that is meant, or a part of every family. Those about calls are enumerated from what is called where nothing
 * goes wrong, so that it takes a stack to tell them.
 */
export const plansOf = async (choice: Choice, isBounded: boolean): Promise<AnyPlan[]> => {
  const { families = FAMILY_NAMES, about = '' } = choice;
  const ofSaga = isBounded ? bounded(choice) : matrix(choice);
  if (!families.includes(CALLS)) return ofSaga;
  // Of a scenario that is named the others are not needed.
  const named = SCENARIO_NAMES.filter((name) => about.startsWith(name));
  const recorded = await recordScenarios(named.length > 0 ? named : SCENARIO_NAMES);
  const ofCalls = callPlans(recorded).filter(({ id }) => id.includes(about));
  return [...ofSaga, ...(isBounded ? evenly(ofCalls, SHARE_OF_CALLS) : ofCalls)];
};
