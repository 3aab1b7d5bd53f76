import { type CallPlan, callPlans, togetherPlans } from './call-plans.ts';
import { FAMILY_NAMES as SAGA_FAMILIES } from './families.ts';
import { byFamily, type Choice, evenly } from './matrix.ts';
import type { Conditions } from './operator.ts';
import type { Plan } from './plan.ts';
import { recordScenarios } from './record-scenarios.ts';
import { AT_STRIPE_ALONE, FAMILIES_OF_LIVES, type FamilyOfLives } from './scenarios.ts';

export type AnyPlan = Plan | CallPlan;

/** Who moves the money, and who carries the parcels. */
type Outside = { readonly [Port in 'payment' | 'carrier']: NonNullable<Conditions[Port]> };

/** The family of plans about two acts on an order at the same time. */
export const TOGETHER = 'together';
const LIVES = Object.keys(FAMILIES_OF_LIVES) as readonly FamilyOfLives[];
/** What is proven of a stack on these adapters. Lives look into the sandbox carrier's table, and settle things there by hand. */
export const familiesOf = ({ payment, carrier }: Outside): readonly string[] => [
  ...SAGA_FAMILIES,
  ...(carrier === 'sandbox'
    ? [...LIVES.filter((family) => payment === 'stripe' || !AT_STRIPE_ALONE.includes(family)), TOGETHER]
    : []),
];
export const FAMILY_NAMES = familiesOf({ payment: 'stripe', carrier: 'sandbox' });

/** How many of them the bounded proof has at most: they are many families in one. */
const SHARES = {
  calls: 100,
  awaited: 40,
  webhooks: 40,
  pruned: 20,
  [TOGETHER]: 40,
} as const satisfies Readonly<Record<FamilyOfLives | typeof TOGETHER, number>>;

/**
 * The chosen plans, by family: all, or a part of each family. Plans about calls are made from the calls of a run in
 * which none goes wrong, so this starts a stack.
 */
export const plansOf = async (
  choice: Choice,
  isBounded: boolean,
  outside: Outside,
): Promise<ReadonlyMap<string, readonly AnyPlan[]>> => {
  const { families = familiesOf(outside), about = '' } = choice;
  const part = (plans: readonly CallPlan[], share: number) => {
    const meant = plans.filter(({ id }) => id.includes(about));
    return isBounded ? evenly(meant, share) : meant;
  };
  const plansOfLives = async (family: FamilyOfLives) => {
    const scenarios = Object.keys(FAMILIES_OF_LIVES[family]);
    // If a scenario is named, the others are not needed.
    const named = scenarios.filter((name) => about.startsWith(name));
    const chosen = named.length > 0 ? named : scenarios;
    const recorded = await recordScenarios(chosen, outside);
    return part(callPlans(chosen, recorded), SHARES[family]);
  };
  const lives: [string, readonly AnyPlan[]][] = [];
  for (const family of LIVES) if (families.includes(family)) lives.push([family, await plansOfLives(family)]);
  return new Map<string, readonly AnyPlan[]>([
    ...byFamily(choice, isBounded),
    ...lives,
    ...(families.includes(TOGETHER) ? [[TOGETHER, part(togetherPlans(), SHARES[TOGETHER])] as const] : []),
  ]);
};
