/** Where an order can be. `NEEDS_ATTENTION`: it is parked, and an operator has to look. */
export const STATUSES = ['PENDING', 'CONFIRMED', 'CANCELLED', 'NEEDS_ATTENTION'] as const;
export type Status = (typeof STATUSES)[number];
