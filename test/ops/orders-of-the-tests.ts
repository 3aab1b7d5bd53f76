import type { OperatorsOrder } from '../../api/answers/order.ts';

/** An order as the operators' routes tell it. */
export const order = (changes: Partial<OperatorsOrder> = {}): OperatorsOrder => ({
  orderId: 'ord_1',
  correlationId: 'corr-1',
  status: 'CONFIRMED',
  step: 'PublishOrderConfirmed',
  items: [{ sku: 'MUG-WHITE', quantity: 2, unitPriceCents: 1250 }],
  totalCents: 2500,
  currency: 'EUR',
  placedAt: '2026-01-15T10:29:30.000Z',
  ...changes,
});

/** What there is to tell of it. */
export const told = (entries: readonly object[] = [], sources: object = { steps: 'engine' }) => ({
  placedAt: '2026-01-15T10:29:30.000Z',
  entries,
  sources,
});
