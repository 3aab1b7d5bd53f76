import * as z from 'zod';
import type { DeadLetters } from '../../../api/answers/deliveries.ts';
import type { AnswerTo } from '../../../api/routes.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { deadLetterQueue } from '../../runtime/dead-letter-queue.ts';
import { deadLettersOf } from '../../runtime/dead-letters.ts';
import { DeliveriesEnv, type DeliveryTable, deliveryTable } from '../../runtime/deliveries.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { ListenersEnv } from '../../runtime/listeners.ts';
import { logger } from '../../runtime/logger.ts';
import { ttlCache } from '../../runtime/ttl-cache.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { type AuditLog, auditLog } from '../story/audit-log.ts';
import type { LostDelivery } from '../story/delivery-entries.ts';
import { engineView } from '../story/engine-view.ts';
import { timelineForCustomer } from '../story/for-customers.ts';
import { timelineOf } from '../story/timeline.ts';
import { type RunHistory, type Workflow, WorkflowEnv, workflow } from '../workflow/workflow.ts';
import { orderOf } from './order-of.ts';

interface Deps {
  readonly orders: OrderTable;
  readonly workflow: Workflow;
  readonly auditLog: AuditLog;
  readonly deliveries: Pick<DeliveryTable, 'of'>;
  /** A look into every listener's queue. */
  readonly deadLetters: () => Promise<readonly DeadLetters[]>;
}

/** However often someone polls an order, the queues are read no more often than this. */
const TTL_MS = 1_000;

/**
 * What happened to an order, and why: what the engine, the audit log and the deliveries know. Operators also see what
 * lies in the queues. Customers do not, because reading a queue hides its messages from everyone else for a while.
 */
export const getOrderTimeline = ({ orders, workflow, auditLog, deliveries, deadLetters }: Deps) => {
  const engine = engineView<RunHistory[]>();
  const cached = ttlCache<readonly LostDelivery[]>(TTL_MS);
  /** The timeline does without the queues if they do not answer. */
  const lostOf = async (orderId: string): Promise<LostDelivery[]> => {
    try {
      const queues = await deadLetters();
      return queues.flatMap(({ listener, letters }) =>
        letters.filter((letter) => letter.orderId === orderId).map((letter) => ({ ...letter, listener })),
      );
    } catch (error) {
      logger.warn('the queues did not answer', { error: (error as Error).name });
      return [];
    }
  };
  return async (
    call: ApiCall,
  ): Promise<AnswerTo<'GET /orders/{orderId}/timeline' | 'GET /ops/orders/{orderId}/timeline'>> => {
    const order = await orderOf(orders, call);
    const { orderId } = order;
    const [histories, events, delivered, lost] = await Promise.all([
      engine(order, workflow.history),
      auditLog.of(orderId),
      deliveries.of(orderId),
      call.isOperator ? cached(orderId, () => lostOf(orderId)) : [],
    ]);
    const timeline = timelineOf({ order, histories, events, deliveries: delivered, lost });
    return { status: 200, body: call.isOperator ? timeline : timelineForCustomer(timeline) };
  };
};

const TimelineEnv = z.object({
  ...WorkflowEnv.shape,
  ...DeliveriesEnv.shape,
  ...ListenersEnv.shape,
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
    deadLetters: () => deadLettersOf(config.LISTENERS, deadLetterQueue),
  }),
);
