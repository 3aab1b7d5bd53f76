import { type ApiCall, api } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type OrderTable, orderTable } from './order.ts';
import { ownOrder } from './own-order.ts';
import { stepEntries } from './timeline.ts';
import { type Workflow, WorkflowEnv, workflow } from './workflow.ts';

/** What happened to an order, and why: the workflow's steps in time order, from the engine's history. */
export const getOrderTimeline =
  ({ orders, workflow }: { orders: OrderTable; workflow: Workflow }) =>
  async (call: ApiCall) => {
    const { orderId } = await ownOrder(orders, call);
    return { status: 200, body: { entries: stepEntries(await workflow.history(orderId)) } };
  };

const { ORDERS_TABLE, ...arns } = env(WorkflowEnv.extend({ ORDERS_TABLE: ResourceName }));
export const handler = api(getOrderTimeline({ orders: orderTable(ORDERS_TABLE), workflow: workflow(arns) }));
