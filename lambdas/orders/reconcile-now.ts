import { ActionsEnv, onRecord } from '../runtime/actions.ts';
import { api } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { invoke } from '../runtime/lambda.ts';

/** Has `reconcile-orders` look now, rather than when its time comes, and tells what it has mended. */
export const reconcileNow =
  ({ reconcile }: { reconcile: () => Promise<unknown> }) =>
  async () => ({ status: 200, body: await reconcile() });

const { RECONCILE_ORDERS_FUNCTION, ...actions } = env(
  ActionsEnv.extend({ RECONCILE_ORDERS_FUNCTION: ResourceName }),
);
export const handler = api(
  onRecord(actions, reconcileNow({ reconcile: () => invoke(RECONCILE_ORDERS_FUNCTION, {}) })),
);
