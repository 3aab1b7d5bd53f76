import { eventIdOf } from '../../events/contract.ts';
import { OrderNeedsAttention } from '../../events/order-needs-attention.ts';
import type { publisher } from '../runtime/event-bus.ts';
import type { OrderTable, Parking, PlacedOrder } from './order.ts';

export interface ParkingDeps {
  readonly orders: Pick<OrderTable, 'park'>;
  readonly publish: ReturnType<typeof publisher>;
}

/**
 * Puts an order where an operator finds it, and says so.
 * @param parkedAt tells one parking of the order from the next (RFC 3339, UTC)
 */
export const park = async (
  { orders, publish }: ParkingDeps,
  { orderId, correlationId, customerId }: Pick<PlacedOrder, 'orderId' | 'correlationId' | 'customerId'>,
  parkedAt: string,
  parking: Parking,
): Promise<void> => {
  if (!(await orders.park(orderId, parkedAt, parking))) return;
  await publish(OrderNeedsAttention, {
    metadata: {
      eventId: eventIdOf(OrderNeedsAttention, orderId, parkedAt),
      correlationId,
      schemaVersion: OrderNeedsAttention.version,
      occurredAt: parkedAt,
    },
    data: { orderId, customerId, state: parking.state, error: parking.error },
  });
};
