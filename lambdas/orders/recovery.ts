import { OrderNeedsAttention } from '../../events/order-needs-attention.ts';
import type { publisher } from '../runtime/event-bus.ts';
import type { OrderRecord, OrderTable } from './order.ts';
import type { Run, Workflow } from './workflow.ts';

export interface RecoveryDeps {
  readonly orders: Pick<OrderTable, 'park'>;
  readonly workflow: Pick<Workflow, 'recover'>;
  readonly publish: ReturnType<typeof publisher>;
}

/** An execution has ended as it should not: the order goes on in another one, or, tried often enough, parks. */
export const recoverFrom = async (
  { orders, workflow, publish }: RecoveryDeps,
  order: OrderRecord,
  ended: Run,
): Promise<void> => {
  if (order.parking?.state === 'Recovery' || (await workflow.recover(order, ended))) return;
  const { orderId, correlationId, customerId } = order;
  const parkedAt = ended.at ?? new Date().toISOString();
  const error = ended.reason ?? 'unknown';
  await orders.park(orderId, parkedAt, { state: 'Recovery', error, resolutions: {} });
  await publish(OrderNeedsAttention, {
    metadata: {
      eventId: `${orderId}#OrderNeedsAttention#${parkedAt}`,
      correlationId,
      schemaVersion: OrderNeedsAttention.schemaVersion,
      occurredAt: parkedAt,
    },
    data: { orderId, customerId, state: 'Recovery', error },
  });
};
