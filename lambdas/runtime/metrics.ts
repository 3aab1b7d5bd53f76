import { Metrics } from '@aws-lambda-powertools/metrics';

/**
 * Counts of orders, as CloudWatch embedded metrics: log lines instead of calls. One metric per line, so that nothing is
 * carried over from one event to the next. The namespace is the stack's name (`POWERTOOLS_METRICS_NAMESPACE`). Dimensions
 * have few values; ids are metadata, which can be searched for and cost nothing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const orderMetrics = (): Metrics => new Metrics({ serviceName: 'orders' });
