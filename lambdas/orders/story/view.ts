import type { OperatorsOrder } from '../../../api/answers/order.ts';
import { KEEP } from '../../../saga/steps.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import type { OrderRecord } from '../order.ts';
import type { Whereabouts } from '../workflow/workflow.ts';
import { failureBy, undoneFor } from './failure.ts';

/** The state in which a workflow with this outcome ended: the read model keeps only the outcome. */
const lastStep = ({ status, isKept }: Outcome): string => {
  if (status === 'CANCELLED') return 'OrderCancelled';
  return isKept ? 'PublishOrderKept' : 'PublishOrderConfirmed';
};

/**
 * Who kept an order whose parcel had left before it could be undone.
 * @returns undefined if nobody did, or it was undone after all
 */
const keptBy = ({ outcome, openSince, resumptions = {} }: OrderRecord) => {
  if (outcome?.status !== 'CONFIRMED' || openSince) return undefined;
  const last = Object.values(resumptions)
    .filter(({ notes }) => notes[KEEP])
    .toSorted((a, b) => a.at.localeCompare(b.at))
    .at(-1);
  return last && { at: last.at, by: last.by, note: last.notes[KEEP] as string };
};

/**
 * Where an order is, as far as its record knows: parked, or ended.
 * @returns undefined while only the engine knows
 */
export const recorded = ({ outcome, parking }: OrderRecord): Whereabouts | undefined => {
  if (parking) return { status: 'NEEDS_ATTENTION', step: parking.state, reason: parking.error };
  if (!outcome) return undefined;
  const { status, reason } = outcome;
  const undone = reason && undoneFor(reason);
  return { status, step: lastStep(outcome), ...(reason && { reason }), ...(undone && { undone }) };
};

/** An order as operators see it: no payment method, no address. */
export const orderView = (
  order: OrderRecord,
  { status, step, reason, undone }: Whereabouts,
): OperatorsOrder => {
  const { parking, parkedAt } = order;
  const kept = keptBy(order);
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
        ...(parking &&
          parkedAt && { parked: { state: parking.state, error: parking.error, since: parkedAt } }),
      },
    }),
    ...(order.cancelling && { cancelling: order.cancelling }),
    ...(kept && { kept }),
    ...(order.erased && { erased: order.erased }),
    ...(order.review && { review: order.review }),
  };
};
