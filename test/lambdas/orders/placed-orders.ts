import type { OrderRecord } from '../../../lambdas/orders/order.ts';

/** An order as it lies in the table, of `customer-1`. */
export const placedOrder = (changes: Partial<OrderRecord> = {}): OrderRecord => ({
  orderId: 'ord_1',
  customerId: 'customer-1',
  correlationId: 'corr-1',
  items: [{ sku: 'MUG-WHITE', quantity: 2, unitPriceCents: 1250 }],
  totalCents: 2500,
  currency: 'EUR',
  placedAt: '2026-01-15T09:30:00.000Z',
  requestHash: 'hash-1',
  ...changes,
});

/** What one sees of it, besides where it is. */
export const placedOrderView = {
  orderId: 'ord_1',
  correlationId: 'corr-1',
  items: [{ sku: 'MUG-WHITE', quantity: 2, unitPriceCents: 1250 }],
  totalCents: 2500,
  currency: 'EUR',
  placedAt: '2026-01-15T09:30:00.000Z',
};
