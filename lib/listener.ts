import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ServiceFunction } from './service-function.ts';
import type { ServiceTable } from './service-table.ts';
import type { Stage } from './stage.ts';

export interface ListenerProps {
  readonly stage: Stage;
  readonly bus: EventBus;
  /** The `detail-type`s it reacts to. */
  readonly to: readonly string[];
  /** Where it remembers, by event id, what it has done. */
  readonly deliveries: ServiceTable;
  readonly environment?: Readonly<Record<string, string>>;
}

/** One side effect: a rule, its function, and a queue for what could not be delivered, with an alarm on it. */
export class Listener extends Construct {
  readonly function: ServiceFunction;

  constructor(scope: Construct, id: string, { stage, bus, to, deliveries, environment }: ListenerProps) {
    super(scope, id);
    this.function = new ServiceFunction(this, id, {
      stage,
      environment: { DELIVERIES_TABLE: deliveries.tableName, ...environment },
    });
    deliveries.grant(
      this.function,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );

    const deadLetters = new Queue(this, 'DeadLetters', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    // Two ways to fail: EventBridge cannot hand the event to Lambda, or the function fails on it for good.
    this.function.configureAsyncInvoke({
      maxEventAge: Duration.hours(6),
      retryAttempts: 2,
      onFailure: new SqsDestination(deadLetters),
    });
    new Rule(this, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['order-saga'], detailType: [...to] },
      targets: [
        new FunctionTarget(this.function, {
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
          deadLetterQueue: deadLetters,
        }),
      ],
    });
    new Alarm(this, 'DeadLettersAlarm', {
      alarmDescription: `${id} could not be delivered an event: see its dead-letter queue`,
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
