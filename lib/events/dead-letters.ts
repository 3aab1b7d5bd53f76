import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRuleTarget } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionNameOf, type ServiceFunction } from '../base/service-function.ts';
import { OperatorAlarm } from '../observability/operator-alarm.ts';
import { PERIOD } from '../observability/order-metrics.ts';
import { DELIVERY_RETRIES } from './deliveries.ts';

/** The name of a function's queue; with `*`, the pattern that all of them match. */
export const deadLettersNameOf = (scope: Construct, id: string) => `${functionNameOf(scope, id)}-DeadLetters`;

/**
 * A function as the target of rules, with a queue for the events that it could not be given, and alarms for that queue
 * and for events that wait too long.
 */
export class DeadLetters extends Construct {
  readonly target: IRuleTarget;
  readonly queue: Queue;

  constructor(scope: Construct, id: string, handler: ServiceFunction) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      queueName: deadLettersNameOf(this, handler.node.id),
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    // Two ways to fail: EventBridge cannot hand the event to Lambda, or the function fails on it for good.
    handler.configureAsyncInvoke({
      maxEventAge: Duration.hours(6),
      retryAttempts: DELIVERY_RETRIES,
      onFailure: new SqsDestination(this.queue),
    });
    this.target = new FunctionTarget(handler, {
      maxEventAge: Duration.hours(24),
      retryAttempts: 185,
      deadLetterQueue: this.queue,
    });
    new OperatorAlarm(this, 'Alarm', {
      kind: 'DeadLetters',
      of: handler.node.id,
      means: `${handler.node.id} could not be given an event: it lies in its dead-letter queue`,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
    });
    new OperatorAlarm(this, 'BacklogAlarm', {
      kind: 'Backlog',
      of: handler.node.id,
      means: `Events wait for ${handler.node.id} for longer than a quarter of an hour: after six hours they are dead letters`,
      metric: handler.metric('AsyncEventAge', { statistic: Stats.MAXIMUM, period: PERIOD }),
      threshold: Duration.minutes(15).toMilliseconds(),
    });
  }
}
