import { type ApiCall, api } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type OrderTable, orderTable } from './order.ts';
import { ownOrder } from './own-order.ts';
import { orderView, recorded } from './view.ts';
import { type Workflow, WorkflowEnv, workflow } from './workflow.ts';

/** Where an order is: in the read model once it has ended, from the engine until then. */
export const getOrder =
  ({ orders, workflow }: { orders: OrderTable; workflow: Workflow }) =>
  async (call: ApiCall) => {
    const order = await ownOrder(orders, call);
    return {
      status: 200,
      body: orderView(order, recorded(order) ?? (await workflow.whereIs(order.orderId))),
    };
  };

const { ORDERS_TABLE, ...arns } = env(WorkflowEnv.extend({ ORDERS_TABLE: ResourceName }));
export const handler = api(getOrder({ orders: orderTable(ORDERS_TABLE), workflow: workflow(arns) }));
