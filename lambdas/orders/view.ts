import { failureBy, undoneFor } from './failure.ts';
import type { OrderRecord } from './order.ts';
import type { Whereabouts } from './workflow.ts';

/** The states in which a workflow ends well and cleanly, for the read model, which keeps only how it ended. */
const LAST_STEP = { CONFIRMED: 'PublishOrderConfirmed', CANCELLED: 'OrderCancelled' };

/** Where an order is by its record alone: parked, or ended; undefined while only the engine knows. */
export const recorded = ({ outcome, parking }: OrderRecord): Whereabouts | undefined => {
  if (parking) return { status: 'NEEDS_ATTENTION', step: parking.state, reason: parking.error };
  if (!outcome) return undefined;
  const { status, reason } = outcome;
  const undone = reason && undoneFor(reason);
  return { status, step: LAST_STEP[status], ...(reason && { reason }), ...(undone && { undone }) };
};

/** An order as operators see it: no payment method, no address. */
export const orderView = (order: OrderRecord, { status, step, reason, undone }: Whereabouts) => {
  const { parking, parkedAt } = order;
  return {
    orderId: order.orderId,
    correlationId: order.correlationId,
    status,
    step: step ?? null,
    items: order.items,
    totalCents: order.totalCents,
    currency: order.currency,
    placedAt: order.placedAt,
    ...(reason && {
      failure: {
        ...failureBy(reason),
        ...(undone && { undone }),
        ...(parking && { parked: { state: parking.state, error: parking.error, since: parkedAt } }),
      },
    }),
    ...(order.cancelling && { cancelling: order.cancelling }),
    ...(order.erased && { erased: order.erased }),
    ...(order.review && { review: order.review }),
  };
};
export type OrderView = ReturnType<typeof orderView>;
