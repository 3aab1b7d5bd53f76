import { eventIdOf } from '../../../events/contract.ts';
import { OrderNeedsAttention } from '../../../events/order-needs-attention.ts';
import type { publisher } from '../../runtime/event-bus.ts';
import type { GoOnFrom } from '../go-on-from.ts';
import type { Parking, PlacedOrder, Wait } from '../order.ts';
import type { OrderTable } from '../order-table.ts';

export interface ParkingDeps {
  readonly orders: Pick<OrderTable, 'park'>;
  readonly publish: ReturnType<typeof publisher>;
}

/**
 * Parks an order, where an operator finds it, and publishes `OrderNeedsAttention`.
 * @param from where the order goes on; once the end that lies there is known, nobody has to look
 * @returns false if the order no longer waits like this
 */
export const parkAndPublish = async (
  { orders, publish }: ParkingDeps,
  { orderId, correlationId, customerId }: Pick<PlacedOrder, 'orderId' | 'correlationId' | 'customerId'>,
  wait: Wait,
  parking: Parking,
  from: GoOnFrom,
): Promise<boolean> => {
  const { parkedAt } = wait;
  if (!(await orders.park(orderId, wait, parking, from))) return false;
  await publish(OrderNeedsAttention, {
    metadata: {
      eventId: eventIdOf(OrderNeedsAttention, orderId, parkedAt),
      correlationId,
      schemaVersion: OrderNeedsAttention.version,
      occurredAt: parkedAt,
    },
    data: { orderId, customerId, state: parking.state, error: parking.error },
  });
  return true;
};
