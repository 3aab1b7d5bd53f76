import type { OrderRecord } from './order.ts';
import { type ParkingDeps, park } from './parking.ts';
import type { Run, Workflow } from './workflow.ts';

export interface RecoveryDeps extends ParkingDeps {
  readonly workflow: Pick<Workflow, 'recover'>;
}

/** An execution has ended as it should not: the order goes on in another one, or, tried often enough, parks. */
export const recoverFrom = async (deps: RecoveryDeps, order: OrderRecord, ended: Run): Promise<void> => {
  if (order.parking?.state === 'Recovery' || (await deps.workflow.recover(order, ended))) return;
  await park(deps, order, ended.at ?? new Date().toISOString(), {
    state: 'Recovery',
    error: ended.reason ?? 'unknown',
    resolutions: {},
  });
};
