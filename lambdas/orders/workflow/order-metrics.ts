import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logger } from '../../runtime/logger.ts';
import { orderMetrics } from '../../runtime/metrics.ts';
import type { OrderRecord } from '../order.ts';
import type { Run } from './workflow.ts';

/** Longer than all retries of a workflow take together (docs/saga.md). */
const OVERDUE_MS = 60 * 60_000;

/** How many ids a log line names: it may hold 256 KB, and nobody reads more. */
const NAMED_AT_MOST = 100;

const isOverdue = (since = ''): boolean => Date.now() - Date.parse(since) > OVERDUE_MS;

/**
 * Counts the open orders: all of them; those parked; and those overdue, which have neither ended nor been parked in
 * time, nor wait for others, or which `reconcile-orders` has not looked at for too long.
 */
export const countOpen = (open: readonly OrderRecord[]): void => {
  const parked = open.filter(({ parkedAt }) => parkedAt);
  const overdue = open.filter(
    ({ parkedAt, awaits, openSince, lookedAt }) =>
      isOverdue(lookedAt) || (!parkedAt && !awaits && isOverdue(openSince)),
  );
  const metrics = orderMetrics();
  metrics.addMetric('OrdersOpen', MetricUnit.Count, open.length);
  metrics.addMetric('OrdersParked', MetricUnit.Count, parked.length);
  metrics.addMetric('OrdersOverdue', MetricUnit.Count, overdue.length);
  metrics.publishStoredMetrics();
  if (overdue.length > 0)
    logger.warn('orders overdue', {
      orderIds: overdue.slice(0, NAMED_AT_MOST).map(({ orderId }) => orderId),
    });
};

/**
 * Counts an execution that neither succeeded nor ended as `OrderCancelled`. Step Functions' own metrics cannot tell a
 * clean cancellation from a failure.
 */
export const countAbnormalEnd = ({ orderId, correlationId }: OrderRecord, { name, reason }: Run): void => {
  const metrics = orderMetrics();
  metrics.addMetric('AbnormalEnds', MetricUnit.Count, 1);
  for (const [key, value] of Object.entries({
    orderId,
    correlationId,
    execution: name,
    reason: reason ?? '',
  }))
    metrics.addMetadata(key, value);
  metrics.publishStoredMetrics();
};
