import * as z from 'zod';
import type { AnswerTo } from '../../../api/routes.ts';
import { ActionsEnv, onRecord } from '../../runtime/actions.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { invoke } from '../../runtime/lambda.ts';
import { Problem } from '../../runtime/problem.ts';
import type { OrderRecord } from '../order.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { type Workflow, WorkflowEnv, workflow } from '../workflow/workflow.ts';
import { orderOf } from './order-of.ts';

interface Deps {
  readonly orders: OrderTable;
  readonly workflow: Pick<Workflow, 'placeOfCancellation' | 'startCancellation'>;
  /** Whether the order's parcel has left: the shipment service's answer. */
  readonly isDispatched: (order: OrderRecord) => Promise<boolean>;
}

/**
 * Undoes a confirmed order, for its customer or an operator, as long as the parcel has not left. Asked twice, it is
 * done once.
 */
export const cancelOrder = ({ orders, workflow, isDispatched }: Deps) => {
  const cancel = async (call: ApiCall): Promise<AnswerTo<'POST /orders/{orderId}/cancel'>> => {
    const order = await orderOf(orders, call);
    const { orderId, outcome } = order;
    if (!outcome)
      throw new Problem(
        'order-in-progress',
        `order ${orderId} is still being worked on: it can be cancelled once it is confirmed`,
      );
    if (outcome.status === 'CANCELLED')
      throw new Problem('order-already-cancelled', `order ${orderId} is already cancelled`);
    if (await isDispatched(order))
      throw new Problem('parcel-dispatched', `the parcel of order ${orderId} has already left`);
    // Before the order is reopened: a place determined later could come behind an execution we know nothing about.
    const place = await workflow.placeOfCancellation(order);
    // Reopened first: if we die in between, the reconciler finds an open order, and only has to close it again.
    const isOpen = await orders.reopen(orderId, outcome, new Date().toISOString(), call.callerId);
    // It has ended again in the meantime.
    if (!isOpen) return cancel(call);
    if (place !== undefined)
      await workflow.startCancellation(
        order,
        place,
        call.isOperator ? 'CancelledByOperator' : 'CancelledByCustomer',
      );
    // On the API that was asked: the other's routes are at another host.
    const location = `${call.isOperator ? '/ops' : ''}/orders/${orderId}`;
    return { status: 202, headers: { location }, body: { orderId } };
  };
  return cancel;
};

const CancelOrderEnv = WorkflowEnv.extend({
  ...ActionsEnv.shape,
  ORDERS_TABLE: ResourceName,
  CHECK_SHIPMENT_FUNCTION: ResourceName,
});
const { ORDERS_TABLE, CHECK_SHIPMENT_FUNCTION, ACTIONS_TABLE, ...arns } = env(CancelOrderEnv);
const Shipment = z.object({ isDispatched: z.boolean() });
export const handler = api(
  onRecord(
    { ACTIONS_TABLE },
    cancelOrder({
      orders: orderTable(ORDERS_TABLE),
      workflow: workflow(arns),
      isDispatched: async ({ orderId, correlationId }) =>
        Shipment.parse(await invoke(CHECK_SHIPMENT_FUNCTION, { orderId, correlationId })).isDispatched,
    }),
  ),
);
