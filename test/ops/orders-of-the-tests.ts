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
