import * as z from 'zod';
import { env, ResourceName } from '../runtime/env.ts';
import { publisher } from '../runtime/event-bus.ts';
import { invoke } from '../runtime/lambda.ts';
import { logger } from '../runtime/logger.ts';
import { reaction } from '../runtime/reaction.ts';
import { type OrderRecord, type OrderTable, orderTable } from './order.ts';
import { countOpen } from './order-metrics.ts';
import { type RecoveryDeps, recoverFrom } from './recovery.ts';
import { type Run, type Workflow, WorkflowEnv, workflow } from './workflow.ts';

/** What was mended: order ids, by what was wrong with them. */
export interface Mended {
  /** Recorded, but the workflow had never begun. */
  readonly started: string[];
  /** Ended, but the read model had missed it. */
  readonly settled: string[];
  /** Ended as it should not, and nobody had gone on with it. */
  readonly recovered: string[];
  /** Could not be mended: the log says why, and the next pass tries again. */
  readonly failed: string[];
}

/** Orders looked at at a time. */
const AT_ONCE = 10;

/** `cancel-order` has opened the order again, and has had no time yet to start the cancellation. */
const isAboutToBeCancelled = ({ outcome, openSince = '' }: OrderRecord, { end }: Run): boolean =>
  outcome?.status === 'CONFIRMED' && end === 'SUCCEEDED' && Date.now() - Date.parse(openSince) < 60_000;

interface Deps extends RecoveryDeps {
  readonly orders: Pick<OrderTable, 'open' | 'park' | 'settle'>;
  readonly workflow: Pick<Workflow, 'runs' | 'start' | 'startCancellation' | 'recover'>;
  /** Lets go of whatever the order still holds in stock: the inventory service's undo. */
  readonly release: (order: OrderRecord) => Promise<unknown>;
}

/**
 * Looks at every order that is open, and mends what fell between two calls or with a lost event. All it does may be
 * repeated, so it needs no pause before it looks, and twice mends once.
 */
export const reconcileOrders = (deps: Deps) => async (): Promise<Mended> => {
  const { orders, workflow, release } = deps;
  const mended: Mended = { started: [], settled: [], recovered: [], failed: [] };

  const settle = async (order: OrderRecord, { end, reason, at }: Run) => {
    if (end === 'CANCELLED') await release(order);
    const endedAt = at ?? new Date().toISOString();
    const outcome =
      end === 'CANCELLED'
        ? { status: 'CANCELLED' as const, endedAt, ...(reason && { reason }) }
        : { status: 'CONFIRMED' as const, endedAt };
    if (await orders.settle(order.orderId, outcome)) mended.settled.push(order.orderId);
  };

  const mend = async (order: OrderRecord): Promise<void> => {
    const { orderId, outcome } = order;
    const last = (await workflow.runs(orderId)).at(-1);
    if (!last) {
      // Open again after it had ended: its customer was cancelling it.
      await (outcome ? workflow.startCancellation(order) : workflow.start(order));
      mended.started.push(orderId);
    } else if (last.end === 'ABNORMAL') {
      if (await recoverFrom(deps, order, last)) mended.recovered.push(orderId);
    } else if (last.end !== 'RUNNING' && !isAboutToBeCancelled(order, last)) {
      await settle(order, last);
    }
  };

  const waiting = await orders.open();
  countOpen(waiting);
  const mendNext = async (): Promise<void> => {
    for (let order = waiting.shift(); order; order = waiting.shift()) {
      const { orderId, correlationId } = order;
      await mend(order).catch((error: Error) => {
        // One order that cannot be mended must not keep the others waiting.
        const { name, message: reason } = error;
        logger.error('not mended', { orderId, correlationId, error: name, reason });
        mended.failed.push(orderId);
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, mendNext));
  logger.info('reconciled', { ...mended });
  return mended;
};

const { ORDERS_TABLE, ORDER_BUS, RELEASE_INVENTORY_FUNCTION, ...arns } = env(
  WorkflowEnv.extend({
    ORDERS_TABLE: ResourceName,
    ORDER_BUS: ResourceName,
    RELEASE_INVENTORY_FUNCTION: ResourceName,
  }),
);
export const handler = reaction(
  z.unknown(),
  reconcileOrders({
    orders: orderTable(ORDERS_TABLE),
    workflow: workflow(arns),
    publish: publisher(ORDER_BUS),
    release: ({ orderId, correlationId }) =>
      invoke(RELEASE_INVENTORY_FUNCTION, { orderId, correlationId, resolutions: {} }),
  }),
);
