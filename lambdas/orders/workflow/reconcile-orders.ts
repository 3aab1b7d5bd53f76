import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { Reconciliation } from '../../../api/answers/operators.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { publisher } from '../../runtime/event-bus.ts';
import { invoke } from '../../runtime/lambda.ts';
import { logger } from '../../runtime/logger.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { pace } from '../../runtime/pace.ts';
import { reaction } from '../../runtime/reaction.ts';
import { stepFunctions } from '../../runtime/step-functions.ts';
import type { OrderRecord } from '../order.ts';
import type { Waiting } from '../order-lists.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { goOnOrPark, isKnown, type RecoveryDeps } from './go-on-or-park.ts';
import { countOpen } from './order-metrics.ts';
import { type Run, type Workflow, WorkflowEnv, workflow } from './workflow.ts';

/** A schedule's event has orders looked at whose turn it is. */
const PassInput = z.object({
  /** Whether or not it is their turn, for somebody who waits for the answer. */
  everything: z.boolean().default(false),
});

/**
 * Between two looks at an order, and before the first: most orders end sooner, and cost none. Where there are more orders
 * than looks, they take turns, and it is longer.
 */
const TURN_MS = 5 * 60_000;

/**
 * Half of what Step Functions lets the account call GetExecutionHistory for good (20 a second, 400 at once), which is the
 * fewest calls of those made here: the other half, and the 400, are the customers'.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const ENGINE_CALLS_PER_SECOND = 10;

/** The longest that a look may take whose calls have no answer at first: so long before its end a pass begins no other. */
const LONGEST_LOOK_MS = 15_000;

/** `reconcile-now` waits eight seconds for the answer, and the looks that have begun by then are part of them. */
const BY_HAND_MS = 2_000;

/** As often as the metrics' period (`lib/observability/order-metrics.ts`), by a schedule that comes each minute. */
const isTimeToCount = (): boolean => new Date().getUTCMinutes() % 5 === 0;

/** Orders looked at at a time: enough for the engine's share where it answers within half a second. */
const AT_ONCE = 5;

/**
 * `cancel-order` has opened the order again, and has had no time yet to start the cancellation. By the time of the turn,
 * which was before the engine was looked at: by now it may have been started, and have come to a bad end.
 */
const isAboutToBeCancelled = ({ outcome, openSince = '', lookedAt = '' }: OrderRecord): boolean =>
  outcome?.status === 'CONFIRMED' && Date.parse(lookedAt) - Date.parse(openSince) < 60_000;

/** How an order has ended by its last execution. One that was confirmed before, and is neither cancelled nor kept, has not ended anew. */
const outcomeBy = ({ end, step, reason, at }: Run, { outcome }: OrderRecord): Outcome => {
  const endedAt = at ?? new Date().toISOString();
  if (end === 'CANCELLED') return { status: 'CANCELLED', endedAt, ...(reason && { reason }) };
  if (step === 'PublishOrderKept') return { status: 'CONFIRMED', endedAt, isKept: true };
  return outcome ?? { status: 'CONFIRMED', endedAt };
};

interface Deps extends RecoveryDeps {
  readonly orders: Pick<OrderTable, 'open' | 'waiting' | 'takeTurn' | 'park' | 'told' | 'settle'>;
  readonly workflow: Pick<Workflow, 'runs' | 'start' | 'startCancellation' | 'recover'>;
  /** Lets go of whatever the order still holds in stock: the inventory service's undo. */
  readonly release: (order: OrderRecord) => Promise<unknown>;
}

/**
 * Looks at the orders that are open, and mends what fell between two calls or with a lost event: who has waited longest
 * first, as many as there is time for. The queue itself is the place where the next pass goes on, so none has to call the
 * next, which Lambda would take for a loop (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html); and
 * all it does may be repeated.
 */
export const reconcileOrders =
  (deps: Deps) =>
  async (
    { everything }: z.infer<typeof PassInput>,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<Reconciliation> => {
    const { orders, workflow, release } = deps;
    const begun = Date.now();
    const timeUp = begun + (everything ? BY_HAND_MS : context.getRemainingTimeInMillis() - LONGEST_LOOK_MS);
    const mended = {
      started: [] as string[],
      settled: [] as string[],
      recovered: [] as string[],
      failed: [] as string[],
    };
    let looked = 0;

    const settle = async (order: OrderRecord, run: Run) => {
      if (run.end === 'CANCELLED') await release(order);
      if (await orders.settle(order, outcomeBy(run, order))) mended.settled.push(order.orderId);
    };

    const mend = async (order: OrderRecord): Promise<void> => {
      const { orderId, outcome } = order;
      const last = (await workflow.runs(order)).at(-1);
      if (!last) {
        // Open again after it had ended: its customer was cancelling it.
        await (outcome ? workflow.startCancellation(order, 1) : workflow.start(order));
        mended.started.push(orderId);
      } else if (last.end === 'ABNORMAL' && !isKnown(order, last)) {
        if (await goOnOrPark(deps, order, last)) mended.recovered.push(orderId);
      } else if (last.end === 'CANCELLED') {
        await settle(order, last);
      } else if ((last.end !== 'RUNNING' || isKnown(order, last)) && !isAboutToBeCancelled(order)) {
        await settle(order, last);
      }
    };

    const look = async (waiting: Waiting): Promise<void> => {
      const order = await orders.takeTurn(waiting, new Date().toISOString());
      if (!order) return;
      looked += 1;
      await mend(order);
    };

    if (everything || isTimeToCount()) countOpen(await orders.open());
    const queue = orders.waiting(new Date(begun - (everything ? 0 : TURN_MS)).toISOString());
    const lookAtNext = async (): Promise<void> => {
      while (Date.now() < timeUp) {
        const { value: waiting, done } = await queue.next();
        if (done) return;
        await look(waiting).catch((error: Error) => {
          // One order that cannot be mended must not keep the others waiting.
          const { orderId, correlationId } = waiting;
          const { name, message: reason } = error;
          logger.error('not mended', { orderId, correlationId, error: name, reason });
          mended.failed.push(orderId);
        });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lookAtNext));
    const pass = { ...mended, looked, more: !(await queue.next()).done };
    logger.info('reconciled', pass);
    return pass;
  };

// Behind the SDK's own retries, which the engine counts as it counts any call.
const pass = pace(ENGINE_CALLS_PER_SECOND);
stepFunctions.middlewareStack.add(
  (next) => async (call) => {
    await pass();
    return next(call);
  },
  { step: 'finalizeRequest', priority: 'low', name: 'pace' },
);

const { ORDERS_TABLE, ORDER_BUS, RELEASE_INVENTORY_FUNCTION, ...arns } = env(
  WorkflowEnv.extend({
    ORDERS_TABLE: ResourceName,
    ORDER_BUS: ResourceName,
    RELEASE_INVENTORY_FUNCTION: ResourceName,
  }),
);
export const handler = reaction(
  PassInput,
  reconcileOrders({
    orders: orderTable(ORDERS_TABLE),
    workflow: workflow(arns),
    publish: publisher(ORDER_BUS),
    release: ({ orderId, correlationId }) =>
      invoke(RELEASE_INVENTORY_FUNCTION, { orderId, correlationId, resolutions: {} }),
  }),
);
