import type { OrderRecord } from './order.ts';
import { countAbnormalEnd } from './order-metrics.ts';
import { type ParkingDeps, park } from './parking.ts';
import type { Run, Workflow } from './workflow.ts';

export interface RecoveryDeps extends ParkingDeps {
  readonly workflow: Pick<Workflow, 'recover'>;
}

/**
 * An execution has ended as it should not: the order goes on in another one, or, tried often enough, parks.
 * @returns false where it is parked for this very end already
 */
export const recoverFrom = async (deps: RecoveryDeps, order: OrderRecord, ended: Run): Promise<boolean> => {
  // By the time of the end: an order that was resumed, and has ended so again, is parked again.
  const parkedAt = ended.at ?? order.placedAt;
  if (order.parkedAt === parkedAt) return false;
  countAbnormalEnd(order, ended);
  if (await deps.workflow.recover(order, ended)) return true;
  await park(deps, order, parkedAt, { state: 'Recovery', error: ended.reason ?? 'unknown', resolutions: {} });
  return true;
};
