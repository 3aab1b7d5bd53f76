import { Duration, Stack } from 'aws-cdk-lib';
import { MathExpression, Metric, SearchExpression, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { REASONS } from '../../saga/reasons.ts';

/** As often as `reconcile-orders` counts. */
export const PERIOD = Duration.minutes(5);

/** By any other an order ends because something is broken. */
const EXPECTED_REASONS = [...REASONS].flatMap(([name, { isExpected }]) => (isExpected ? [name] : []));

/** What the functions count (`lambdas/runtime/metrics.ts`), under the stack's name. */
export const orderMetrics = (scope: Construct) => {
  const namespace = Stack.of(scope).stackName;
  const count = (metricName: string, statistic: string, label: string) =>
    new Metric({
      namespace,
      metricName,
      dimensionsMap: { service: 'orders' },
      statistic,
      period: PERIOD,
      label,
    });
  const search = (dimension: string, metricName: string) =>
    `SEARCH('{"${namespace}",service,${dimension}} MetricName="${metricName}"', 'Sum', ${PERIOD.toSeconds()})`;
  const unexpected = EXPECTED_REASONS.map((reason) => `reason != '${reason}'`).join(' AND ');

  return {
    open: count('OrdersOpen', Stats.MAXIMUM, 'open'),
    parked: count('OrdersParked', Stats.MAXIMUM, 'parked'),
    overdue: count('OrdersOverdue', Stats.MAXIMUM, 'overdue'),
    abnormalEnds: count('AbnormalEnds', Stats.SUM, 'abnormal ends'),
    refundsFailed: count('RefundsFailed', Stats.SUM, 'refunds failed'),
    kept: count('OrdersKept', Stats.SUM, 'kept'),
    /** In whichever currency. */
    confirmed: new MathExpression({
      expression: `SUM(${search('currency', 'OrdersConfirmed')})`,
      label: 'confirmed',
      period: PERIOD,
    }),
    /** A line for each reason. */
    cancelled: new SearchExpression({
      expression: search('reason', 'OrdersCancelled'),
      label: 'cancelled:',
      period: PERIOD,
    }),
    /** A query, not a sum of metrics: reasons are names of errors, and not all are known beforehand. */
    cancelledUnexpectedly: new MathExpression({
      expression: `SELECT SUM(OrdersCancelled) FROM SCHEMA("${namespace}", service, reason) WHERE ${unexpected}`,
      label: 'cancelled for a technical reason',
      period: PERIOD,
    }),
  };
};
