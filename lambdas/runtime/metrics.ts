import { Metrics } from '@aws-lambda-powertools/metrics';

/**
 * What there is to count about orders, as CloudWatch embedded metrics: a log line, no call. One a line, so that nothing
 * is carried over from one event to the next. The namespace is the stack's name (`POWERTOOLS_METRICS_NAMESPACE`); a
 * dimension has few values, and ids are metadata, which are searched and not charged for.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const orderMetrics = (): Metrics => new Metrics({ serviceName: 'orders' });
