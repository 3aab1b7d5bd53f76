import type { Order } from '../../../api/answers/order.ts';
import type { AnswerTo } from '../../../api/routes.ts';
import { WAITS } from '../../../saga/steps.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { invoke } from '../../runtime/lambda.ts';
import { logger } from '../../runtime/logger.ts';
import type { OrderRecord } from '../order.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { engineView } from '../story/engine-view.ts';
import { orderForCustomer } from '../story/for-customers.ts';
import { orderView, recorded } from '../story/view.ts';
import { type Whereabouts, type Workflow, WorkflowEnv, workflow } from '../workflow/workflow.ts';
import { orderOf } from './order-of.ts';

type NextAction = NonNullable<Order['nextAction']>;

interface Deps {
  readonly orders: OrderTable;
  readonly workflow: Workflow;
  /** What its customer has to do so that its payment goes through: the payment service's answer. */
  readonly nextAction: (order: OrderRecord) => Promise<NextAction | undefined>;
}

/**
 * Where an order is. Once it has ended, one read of its record says so; until then the engine knows more, and is asked
 * at most once a second.
 */
export const getOrder = ({ orders, workflow, nextAction }: Deps) => {
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
    if (call.isOperator) return { status: 200, body: view };
    const action = WAITS.get(view.step ?? '')?.by === 'customer' && (await nextAction(order));
    return { status: 200, body: { ...orderForCustomer(view), ...(action && { nextAction: action }) } };
  };
};

const { ORDERS_TABLE, CHECK_PAYMENT_FUNCTION, ...arns } = env(
  WorkflowEnv.extend({ ORDERS_TABLE: ResourceName, CHECK_PAYMENT_FUNCTION: ResourceName }),
);
export const handler = api(
  getOrder({
    orders: orderTable(ORDERS_TABLE),
    workflow: workflow(arns),
    nextAction: async ({ orderId, correlationId }) => {
      try {
        const payment = await invoke(CHECK_PAYMENT_FUNCTION, { orderId, correlationId });
        return (payment as { readonly nextAction?: NextAction }).nextAction;
      } catch (error) {
        // Where the order is can be told all the same.
        logger.warn('the payment service does not tell', { error: (error as Error).name });
        return undefined;
      }
    },
  }),
);
