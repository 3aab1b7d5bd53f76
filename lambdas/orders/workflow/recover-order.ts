import * as z from 'zod';
import { env, ResourceName } from '../../runtime/env.ts';
import { publisher } from '../../runtime/event-bus.ts';
import { logger } from '../../runtime/logger.ts';
import { reaction } from '../../runtime/reaction.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { goOnOrPark, type RecoveryDeps } from './go-on-or-park.ts';
import { type Workflow, WorkflowEnv, workflow } from './workflow.ts';

/** Step Functions' own event: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const ExecutionEnded = z.object({
  detail: z.object({
    name: z.string(),
    status: z.enum(['FAILED', 'ABORTED', 'TIMED_OUT']),
    error: z.string().nullish(),
  }),
});

interface Deps extends RecoveryDeps {
  readonly orders: Pick<OrderTable, 'get' | 'park' | 'told'>;
  readonly workflow: Pick<Workflow, 'recover' | 'runs'>;
}

/** An execution of an order has ended. Unless that was a clean end, the order goes on in another one. */
export const recoverOrder =
  (deps: Deps) =>
  async ({ detail: { name } }: z.infer<typeof ExecutionEnded>): Promise<void> => {
    const orderId = name.replace(/-\d+$/, '');
    const order = await deps.orders.get(orderId);
    if (!order) return;
    logger.appendKeys({ orderId, correlationId: order.correlationId });
    const last = (await deps.workflow.runs(order)).at(-1);
    // Otherwise the end was clean, or recovered already: the event may come late, and twice.
    if (last?.end === 'ABNORMAL' && last.name === name) await goOnOrPark(deps, order, last);
  };

const { ORDERS_TABLE, ORDER_BUS, ...arns } = env(
  WorkflowEnv.extend({ ORDERS_TABLE: ResourceName, ORDER_BUS: ResourceName }),
);
export const handler = reaction(
  ExecutionEnded,
  recoverOrder({ orders: orderTable(ORDERS_TABLE), workflow: workflow(arns), publish: publisher(ORDER_BUS) }),
);
