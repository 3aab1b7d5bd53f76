import type { AnswerTo } from '../../../api/routes.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import type { OrderRecord } from '../order.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { engineView } from '../story/engine-view.ts';
import { orderForCustomer } from '../story/for-customers.ts';
import { orderView, recorded } from '../story/view.ts';
import { type Whereabouts, type Workflow, WorkflowEnv, workflow } from '../workflow/workflow.ts';
import { orderOf } from './order-of.ts';

/**
 * Where an order is. Once it has ended, one read of its record says so; until then the engine knows more, and is asked
 * at most once a second.
 */
export const getOrder = ({ orders, workflow }: { orders: OrderTable; workflow: Workflow }) => {
  const engine = engineView<Whereabouts>();
  const whereIs = async (order: OrderRecord): Promise<Whereabouts> => {
    const known = recorded(order);
    if (known && !order.parking) return known;
    const told = await engine(order, workflow.whereIs);
    // For a parked order the record says what it waits for; the engine says what failed first, and what is undone so
    // far.
    return { ...told, ...known, ...(told.reason && { reason: told.reason }) };
  };
  return async (call: ApiCall): Promise<AnswerTo<'GET /orders/{orderId}' | 'GET /ops/orders/{orderId}'>> => {
    const order = await orderOf(orders, call);
    const view = orderView(order, await whereIs(order));
    return { status: 200, body: call.isOperator ? view : orderForCustomer(view) };
  };
};

const { ORDERS_TABLE, ...arns } = env(WorkflowEnv.extend({ ORDERS_TABLE: ResourceName }));
export const handler = api(getOrder({ orders: orderTable(ORDERS_TABLE), workflow: workflow(arns) }));
