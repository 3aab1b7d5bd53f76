import { TooManyRequestsException } from '@aws-sdk/client-lambda';
import type { Reconciliation } from '../../../api/answers/operators.ts';
import type { AnswerTo } from '../../../api/routes.ts';
import { ActionsEnv, onRecord } from '../../runtime/actions.ts';
import { api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { invoke } from '../../runtime/lambda.ts';
import { Problem } from '../../runtime/problem.ts';

/**
 * Runs `reconcile-orders` now, for all open orders, whether or not their turn has come. The answer says what it mended,
 * and whether there was time for all of them: the scheduled passes go on with the rest.
 */
export const reconcileNow =
  ({ reconcile }: { reconcile: () => Promise<Reconciliation> }) =>
  async (): Promise<AnswerTo<'POST /ops/reconcile'>> => {
    const body = await reconcile().catch((error: Error) => {
      // It has a single instance, which is busy.
      if (!(error instanceof TooManyRequestsException)) throw error;
      throw new Problem(
        'reconciliation-under-way',
        'a pass over the open orders is under way, and goes on by itself',
      );
    });
    return { status: 200, body };
  };

const { RECONCILE_ORDERS_FUNCTION, ...actions } = env(
  ActionsEnv.extend({ RECONCILE_ORDERS_FUNCTION: ResourceName }),
);
/** Less than this function's own time-out. */
const WAITS_MS = 8_000;
export const handler = api(
  onRecord(
    actions,
    reconcileNow({
      reconcile: () =>
        invoke(RECONCILE_ORDERS_FUNCTION, { everything: true }, WAITS_MS) as Promise<Reconciliation>,
    }),
  ),
);
