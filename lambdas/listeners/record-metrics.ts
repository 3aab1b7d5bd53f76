import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { OrderKept } from '../../events/order-kept.ts';
import { wasConfirmed } from '../../saga/reasons.ts';
import { type EventOf, listener } from '../runtime/listener.ts';
import { orderMetrics } from '../runtime/metrics.ts';

/** A line of its own: amounts are added up by currency, cancellations by reason. */
const recordRefund = ({ metadata, data }: EventOf<typeof OrderCancelled>): void => {
  const metrics = orderMetrics();
  metrics.addMetadata('correlationId', metadata.correlationId);
  metrics.addDimension('currency', data.currency);
  metrics.addMetric('RefundedCents', MetricUnit.NoUnit, data.totalCents);
  metrics.publishStoredMetrics();
};

/**
 * Counts orders, revenue and cancellations by reason; a kept order has been counted when it was confirmed. As these are
 * sums, the order of events makes no difference.
 */
export const recordMetrics = async (
  event: EventOf<typeof OrderConfirmed | typeof OrderKept | typeof OrderCancelled>,
): Promise<void> => {
  const metrics = orderMetrics();
  metrics.addMetadata('correlationId', event.metadata.correlationId);
  if (event.type === 'OrderConfirmed') {
    metrics.addDimension('currency', event.data.currency);
    metrics.addMetric('OrdersConfirmed', MetricUnit.Count, 1);
    metrics.addMetric('RevenueCents', MetricUnit.NoUnit, event.data.totalCents);
  } else if (event.type === 'OrderKept') {
    metrics.addMetric('OrdersKept', MetricUnit.Count, 1);
  } else {
    metrics.addDimension('reason', event.data.reason);
    metrics.addMetric('OrdersCancelled', MetricUnit.Count, 1);
    // It had been confirmed, and counted as revenue.
    if (wasConfirmed(event.data.reason)) recordRefund(event);
  }
  metrics.publishStoredMetrics();
};

export const handler = listener([OrderConfirmed, OrderKept, OrderCancelled], recordMetrics);
