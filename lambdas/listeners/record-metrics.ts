import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';
import { type EventOf, listener } from '../runtime/listener.ts';
import { orderMetrics } from '../runtime/metrics.ts';
import { wasConfirmed } from './cancellation.ts';

/** Orders, revenue and cancellations by reason. Sums: in which order they come makes no difference. */
export const recordMetrics = async (
  event: EventOf<typeof OrderConfirmed | typeof OrderCancelled>,
): Promise<void> => {
  const metrics = orderMetrics();
  metrics.addMetadata('correlationId', event.metadata.correlationId);
  if (event.type === 'OrderConfirmed') {
    metrics.addDimension('currency', event.data.currency);
    metrics.addMetric('OrdersConfirmed', MetricUnit.Count, 1);
    metrics.addMetric('RevenueCents', MetricUnit.NoUnit, event.data.totalCents);
  } else {
    metrics.addDimension('reason', event.data.reason);
    metrics.addMetric('OrdersCancelled', MetricUnit.Count, 1);
    // It had been confirmed, and counted as revenue.
    if (wasConfirmed(event.data.reason)) {
      metrics.addMetric('RefundedCents', MetricUnit.NoUnit, event.data.totalCents);
    }
  }
  metrics.publishStoredMetrics();
};

export const handler = listener([OrderConfirmed, OrderCancelled], recordMetrics);
