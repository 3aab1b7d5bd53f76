import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { Reconciliation } from '../../../api/answers/operators.ts';
import { WAITS } from '../../../saga/steps.ts';
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

/** A scheduled event means the orders whose turn it is. */
const PassInput = z.object({
  /** Every open order, whether or not its turn has come: somebody waits for the answer. */
  everything: z.boolean().default(false),
});

/**
 * Between two looks at an order, and before the first: most orders end sooner, and cost none. With more orders than
 * looks they queue, and it takes longer.
 */
const TURN_MS = 5 * 60_000;

/**
 * Half the rate at which Step Functions refills GetExecutionHistory for the account (20 a second, 400 at once), the
 * scarcest of the calls made here. The other half, and the 400, are left to customers.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
 */
export const ENGINE_CALLS_PER_SECOND = 10;

/** The longest a look may take whose calls get no answer at first: with less time left a pass begins no other. */
const LONGEST_LOOK_MS = 15_000;

/** `reconcile-now` waits eight seconds for the answer, which the looks begun by then have to fit into. */
const BY_HAND_MS = 2_000;

/** Once per metric period (`lib/observability/order-metrics.ts`); the schedule fires every minute. */
const isTimeToCount = (): boolean => new Date().getUTCMinutes() % 5 === 0;

/** How many orders are looked at in parallel: enough to use the engine's share if it answers within half a second. */
const AT_ONCE = 5;

/**
 * `cancel-order` has reopened the order, and has not had time to start the cancellation. Judged by when the turn was
 * taken, before the engine was asked: by now the cancellation may have started, and even ended badly.
 */
const isAboutToBeCancelled = ({ outcome, openSince = '', lookedAt = '' }: OrderRecord): boolean =>
  outcome?.status === 'CONFIRMED' && Date.parse(lookedAt) - Date.parse(openSince) < 60_000;

/**
 * How an order ended, by its last execution. One that was confirmed before, and is neither cancelled nor kept, has not
 * ended anew.
 */
const outcomeBy = ({ end, step, reason, at }: Run, { outcome }: OrderRecord): Outcome => {
  const endedAt = at ?? new Date().toISOString();
  if (end === 'CANCELLED') return { status: 'CANCELLED', endedAt, ...(reason && { reason }) };
  if (step === 'PublishOrderKept') return { status: 'CONFIRMED', endedAt, isKept: true };
  return outcome ?? { status: 'CONFIRMED', endedAt };
};

interface Deps extends RecoveryDeps {
  readonly orders: Pick<
    OrderTable,
    'open' | 'waiting' | 'takeTurn' | 'noteWait' | 'park' | 'told' | 'settle'
  >;
  readonly workflow: Pick<Workflow, 'runs' | 'start' | 'startCancellation' | 'recover'>;
  /** Lets go of whatever the order still holds in stock: the inventory service's undo. */
  readonly release: (order: OrderRecord) => Promise<unknown>;
  /** Has the payment service look whether the order's payment is still awaited: that may have been told nobody. */
  readonly checkPayment: (order: OrderRecord) => Promise<unknown>;
}

/**
 * Looks at open orders, longest wait first, as many as there is time for, and mends what fell between two calls or was
 * lost with an event. The queue itself remembers where the next pass goes on, so that no pass has to invoke the next,
 * which Lambda would take for a loop (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html).
 * Everything it does may be repeated.
 */
export const reconcileOrders =
  (deps: Deps) =>
  async (
    { everything }: z.infer<typeof PassInput>,
    context: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<Reconciliation> => {
    const { orders, workflow, release, checkPayment } = deps;
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
      const awaits = last?.end === 'RUNNING' && WAITS.has(last.step ?? '') ? last.step : undefined;
      if (awaits !== order.awaits) await orders.noteWait(order, awaits);
      if (awaits) {
        await checkPayment(order);
      } else if (!last) {
        // It had ended and was reopened: its customer was cancelling it.
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

// After the SDK's own retries in the stack, as the engine counts these too.
const pass = pace(ENGINE_CALLS_PER_SECOND);
stepFunctions.middlewareStack.add(
  (next) => async (call) => {
    await pass();
    return next(call);
  },
  { step: 'finalizeRequest', priority: 'low', name: 'pace' },
);

const { ORDERS_TABLE, ORDER_BUS, RELEASE_INVENTORY_FUNCTION, CHECK_PAYMENT_FUNCTION, ...arns } = env(
  WorkflowEnv.extend({
    ORDERS_TABLE: ResourceName,
    ORDER_BUS: ResourceName,
    RELEASE_INVENTORY_FUNCTION: ResourceName,
    CHECK_PAYMENT_FUNCTION: ResourceName,
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
    checkPayment: ({ orderId, correlationId }) => invoke(CHECK_PAYMENT_FUNCTION, { orderId, correlationId }),
  }),
);
