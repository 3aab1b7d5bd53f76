import type { Budget } from './order.ts';

const NOTHING: Budget = {
  faults: 0,
  losses: 0,
  refusals: 0,
  aborts: 0,
  cancels: 0,
  resumes: 0,
  skips: 0,
  looks: 0,
  timeouts: 0,
  departures: 0,
};
export const budgetOf = (some: Partial<Budget>): Budget => ({ ...NOTHING, ...some });

/** What happens at most, of each kind; explored to its end. */
export interface Bound {
  readonly name: string;
  /** To one order, ... */
  readonly one: Partial<Budget>;
  /** ... and to another that wants the same last piece, where there is one. */
  readonly other?: Partial<Budget>;
}

export const SMALL: readonly Bound[] = [
  { name: 'an attempt that fails', one: { faults: 1, losses: 1, refusals: 1, looks: 1 } },
  { name: 'an order that is ended', one: { losses: 1, aborts: 2 } },
  { name: 'a customer who cancels', one: { losses: 1, aborts: 1, cancels: 1 } },
  { name: 'an operator who resumes', one: { faults: 1, losses: 1, resumes: 1, timeouts: 1 } },
  {
    name: 'two orders for the last piece',
    one: { faults: 1, refusals: 1 },
    other: { faults: 1, refusals: 1 },
  },
];

export const LARGE: readonly Bound[] = [
  { name: 'attempts that fail', one: { faults: 2, losses: 1, refusals: 2 } },
  { name: 'an attempt that fails, and an end', one: { faults: 1, refusals: 1, aborts: 1, looks: 1 } },
  { name: 'an order that is ended', one: { losses: 1, aborts: 2, resumes: 1 } },
  { name: 'a customer who cancels', one: { faults: 1, losses: 1, aborts: 1, cancels: 1 } },
  { name: 'a customer and the reconciler', one: { losses: 1, aborts: 1, cancels: 1, looks: 1 } },
  { name: 'an operator who resumes', one: { faults: 2, resumes: 2, skips: 1, timeouts: 1 } },
  {
    name: 'a parcel that leaves',
    one: { faults: 1, losses: 1, cancels: 1, resumes: 2, departures: 1 },
  },
  {
    name: 'two orders for the last piece',
    one: { faults: 2, refusals: 1 },
    other: { faults: 1, refusals: 1 },
  },
  {
    name: 'two orders for the last piece, cancelled',
    one: { faults: 1, cancels: 1 },
    other: { aborts: 1, cancels: 1 },
  },
];
