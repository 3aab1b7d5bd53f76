import type { Fault } from '../local/faults/faults.ts';
import { WISHES, type Wish } from '../testbed/wishes.ts';

export type PlannedFault = Omit<Fault, 'orderId'>;

/** One order and all that goes wrong with it. */
export interface Plan {
  /** Made of `wish` and `faults` alone: the same plan always has the same id. */
  readonly id: string;
  readonly wish: Wish;
  readonly faults: readonly PlannedFault[];
}

const detailOf = ({ fault, calls, until }: PlannedFault): string => {
  const details = [
    ...(calls === undefined ? [] : [`after ${calls} calls`]),
    ...(until === undefined ? [] : [`until ${until} is left`]),
  ];
  return details.length > 0 ? `${fault} (${details.join(', ')})` : fault;
};

/**
 * The faults as text, with equal ones of successive attempts joined: `ChargePayment#1-4 throttle, ChargePayment#5
 * crash`.
 */
const describe = (faults: readonly PlannedFault[]): string => {
  const runs: { state: string; detail: string; from: number; to: number }[] = [];
  for (const fault of faults) {
    const { state, attempt } = fault;
    const detail = detailOf(fault);
    const last = runs.at(-1);
    if (last?.state === state && last.detail === detail && last.to === attempt - 1) last.to = attempt;
    else runs.push({ state, detail, from: attempt, to: attempt });
  }
  return runs
    .map(({ state, detail, from, to }) => `${state}#${from === to ? from : `${from}-${to}`} ${detail}`)
    .join(', ');
};

export const planOf = (wish: Wish, faults: readonly PlannedFault[]): Plan => ({
  id: faults.length > 0 ? `${wish}: ${describe(faults)}` : wish,
  wish,
  faults,
});

/** A plan, from its printed form. @throws Error if it is not one */
export const parsePlan = ({ wish, faults }: Partial<Plan>): Plan => {
  if (!wish || !WISHES.includes(wish) || !Array.isArray(faults))
    throw new Error(`a plan has a wish (${WISHES.join(', ')}) and a list of faults`);
  return planOf(wish, faults);
};

/** A fault at an attempt, and the throttled attempts before it. */
export const reached = (fault: PlannedFault): PlannedFault[] => [
  ...Array.from({ length: fault.attempt - 1 }, (_, index) => throttled(fault.state, index + 1)),
  fault,
];

const throttled = (state: string, attempt: number): PlannedFault => ({ state, attempt, fault: 'throttle' });
