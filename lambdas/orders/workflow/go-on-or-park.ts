import type { OrderRecord } from '../order.ts';
import type { OrderTable } from '../order-table.ts';
import { countAbnormalEnd } from './order-metrics.ts';
import { type ParkingDeps, parkAndPublish } from './park-and-publish.ts';
import { goesOnFrom, type Run, type Workflow } from './workflow.ts';

export interface RecoveryDeps extends ParkingDeps {
  readonly orders: Pick<OrderTable, 'park' | 'told'>;
  readonly workflow: Pick<Workflow, 'recover'>;
}

/** Only the publication was left, that the order is confirmed or kept, and every listener knows that already. */
export const isKnown = ({ outcome, openSince }: OrderRecord, ended: Run): boolean => {
  const from = goesOnFrom(ended);
  if (from === 'KeepShipment') return outcome?.isKept === true && !openSince;
  return from === 'PublishOrderConfirmed' && outcome?.status === 'CONFIRMED';
};

/**
 * After an abnormal end of an execution, the order goes on in another one; after too many, it is parked.
 * @returns false where there is nothing to do: it is parked for this very end, and everybody was told; or its outcome is known
 */
export const goOnOrPark = async (deps: RecoveryDeps, order: OrderRecord, ended: Run): Promise<boolean> => {
  if (isKnown(order, ended)) return false;
  // The wait is named by the time of the end: an order that was resumed and ends like this again is parked again.
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
