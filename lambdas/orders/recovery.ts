import type { OrderRecord } from './order.ts';
import { countAbnormalEnd } from './order-metrics.ts';
import type { OrderTable } from './order-table.ts';
import { type ParkingDeps, park } from './parking.ts';
import { goesOnFrom, type Run, type Workflow } from './workflow.ts';

export interface RecoveryDeps extends ParkingDeps {
  readonly orders: Pick<OrderTable, 'park' | 'told'>;
  readonly workflow: Pick<Workflow, 'recover'>;
}

/** All that was left was to tell that the order is confirmed, or kept, and that is known to everyone who listens. */
export const isKnown = ({ outcome, openSince }: OrderRecord, ended: Run): boolean => {
  const from = goesOnFrom(ended);
  if (from === 'KeepShipment') return outcome?.isKept === true && !openSince;
  return from === 'PublishOrderConfirmed' && outcome?.status === 'CONFIRMED';
};

/**
 * An execution has ended as it should not: the order goes on in another one, or, tried often enough, parks.
 * @returns false where there is nothing to do: it is parked for this very end already, and everybody told; or its end is known
 */
export const recoverFrom = async (deps: RecoveryDeps, order: OrderRecord, ended: Run): Promise<boolean> => {
  if (isKnown(order, ended)) return false;
  // By the time of the end: an order that was resumed, and has ended so again, is parked again.
  const wait = { parkedAt: ended.at ?? order.placedAt, retries: 0 };
  const isParked = order.parkedAt === wait.parkedAt;
  if (isParked && order.parking?.isTold) return false;
  if (!isParked) {
    countAbnormalEnd(order, ended);
    if (await deps.workflow.recover(order, ended)) return true;
  }
  const parking = { state: 'Recovery', error: ended.reason ?? 'unknown', resolutions: {} };
  if (await park(deps, order, wait, parking, goesOnFrom(ended)))
    await deps.orders.told(order.orderId, wait.parkedAt);
  return true;
};
