import * as z from 'zod';
import { OrderNeedsAttention } from '../../events/order-needs-attention.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { publisher } from '../runtime/event-bus.ts';
import { OrderTask, task } from '../runtime/task.ts';
import { Resolution } from '../runtime/undo-task.ts';
import { type OrderTable, orderTable } from './order.ts';

const ParkOrderInput = OrderTask.extend({
  customerId: z.string().min(1),
  /** The state that waits. */
  state: z.string().min(1),
  /** The name of the error that would not pass. */
  error: z.string().min(1),
  /** When the state was entered: tells one parking from the next. */
  parkedAt: z.iso.datetime(),
  /** What wakes the workflow. */
  token: z.string().min(1),
  resolutions: z.record(z.string(), Resolution),
});

interface Deps {
  readonly orders: Pick<OrderTable, 'park'>;
  readonly publish: ReturnType<typeof publisher>;
}

/** Puts the order where an operator finds it, and says so. The workflow waits for `resume-order`, or for a day. */
export const parkOrder =
  ({ orders, publish }: Deps) =>
  async ({
    orderId,
    correlationId,
    customerId,
    state,
    error,
    parkedAt,
    token,
    resolutions,
  }: z.infer<typeof ParkOrderInput>) => {
    await orders.park(orderId, parkedAt, { state, error, token, resolutions });
    await publish(OrderNeedsAttention, {
      metadata: {
        eventId: `${orderId}#OrderNeedsAttention#${parkedAt}`,
        correlationId,
        schemaVersion: OrderNeedsAttention.schemaVersion,
        occurredAt: parkedAt,
      },
      data: { orderId, customerId, state, error },
    });
  };

const { ORDERS_TABLE, ORDER_BUS } = env(z.object({ ORDERS_TABLE: ResourceName, ORDER_BUS: ResourceName }));
export const handler = task(
  ParkOrderInput,
  parkOrder({ orders: orderTable(ORDERS_TABLE), publish: publisher(ORDER_BUS) }),
);
