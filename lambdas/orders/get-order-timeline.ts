import * as z from 'zod';
import { type ApiCall, api } from '../runtime/api.ts';
import { DeliveriesEnv, type DeliveryTable, deliveryTable } from '../runtime/deliveries.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type AuditLog, auditLog } from './audit-log.ts';
import { engineView } from './engine-view.ts';
import { timelineForCustomer } from './for-customers.ts';
import { type OrderTable, orderTable } from './order.ts';
import { orderOf } from './order-of.ts';
import { timelineOf } from './timeline.ts';
import { type RunHistory, type Workflow, WorkflowEnv, workflow } from './workflow.ts';

interface Deps {
  readonly orders: OrderTable;
  readonly workflow: Workflow;
  readonly auditLog: AuditLog;
  readonly deliveries: Pick<DeliveryTable, 'of'>;
}

/** What happened to an order, and why: what the engine, the audit log and the deliveries know of it. */
export const getOrderTimeline = ({ orders, workflow, auditLog, deliveries }: Deps) => {
  const engine = engineView<RunHistory[]>();
  return async (call: ApiCall) => {
    const order = await orderOf(orders, call);
    const { orderId } = order;
    const [histories, events, delivered] = await Promise.all([
      engine(order, workflow.history),
      auditLog.of(orderId),
      deliveries.of(orderId),
    ]);
    const timeline = timelineOf({ order, histories, events, deliveries: delivered });
    return { status: 200, body: call.isOperator ? timeline : timelineForCustomer(timeline) };
  };
};

const TimelineEnv = z.object({
  ...WorkflowEnv.shape,
  ...DeliveriesEnv.shape,
  ORDERS_TABLE: ResourceName,
  AUDIT_LOG_TABLE: ResourceName,
});
const config = env(TimelineEnv);
export const handler = api(
  getOrderTimeline({
    orders: orderTable(config.ORDERS_TABLE),
    workflow: workflow(config),
    auditLog: auditLog(config.AUDIT_LOG_TABLE),
    deliveries: deliveryTable(config),
  }),
);
