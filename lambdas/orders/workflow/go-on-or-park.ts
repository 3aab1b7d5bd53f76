import type { OrderRecord } from '../order.ts';
import type { OrderTable } from '../order-table.ts';
import { countAbnormalEnd } from './order-metrics.ts';
import { type ParkingDeps, parkAndPublish } from './park-and-publish.ts';
import { goesOnFrom, type Run, type Workflow } from './workflow.ts';

export interface RecoveryDeps extends ParkingDeps {
  readonly orders: Pick<OrderTable, 'park' | 'told'>;
  readonly workflow: Pick<Workflow, 'recover'>;
}

/** All that was left was to publish that the order is confirmed, or kept, and that is known already. */
export const isKnown = ({ outcome, openSince }: OrderRecord, ended: Run): boolean => {
  const from = goesOnFrom(ended);
  if (from === 'KeepShipment') return outcome?.isKept === true && !openSince;
  return from === 'PublishOrderConfirmed' && outcome?.status === 'CONFIRMED';
};

/**
 * After an abnormal end of an execution the order goes on in another one; after too many such ends it is parked.
 * @returns false if there is nothing to do: its outcome is known, or it is parked for this very end and that is
 *   published
 */
export const goOnOrPark = async (deps: RecoveryDeps, order: OrderRecord, ended: Run): Promise<boolean> => {
  if (isKnown(order, ended)) return false;
  // The wait is identified by the time of the end: an order that is resumed and ends abnormally again is parked again.
  const wait = { parkedAt: ended.at ?? order.placedAt, retries: 0 };
  const isParked = order.parkedAt === wait.parkedAt;
  if (isParked && order.parking?.isTold) return false;
  if (!isParked) {
    countAbnormalEnd(order, ended);
    if (await deps.workflow.recover(order, ended)) return true;
  }
  const parking = { state: 'Recovery', error: ended.reason ?? 'unknown', resolutions: {} };
  if (await parkAndPublish(deps, order, wait, parking, goesOnFrom(ended)))
    await deps.orders.told(order.orderId, wait.parkedAt);
  return true;
};
