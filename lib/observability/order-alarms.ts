import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Apis } from '../api/apis.ts';
import type { ServiceFunction } from '../base/service-function.ts';
import type { OrderWorkflows } from '../workflow/order-workflow.ts';
import { OperatorAlarm } from './operator-alarm.ts';
import { orderMetrics, PERIOD } from './order-metrics.ts';

export interface OrderAlarmsProps {
  readonly apis: Apis;
  readonly workflows: OrderWorkflows;
  /** The functions of the workflows' tasks. */
  readonly tasks: readonly ServiceFunction[];
}

/** The alarms that call an operator, except those of dead letters, which each queue has itself. */
export class OrderAlarms extends Construct {
  /** By which a new version of the workflows shows that it does harm. */
  readonly ofVersion: readonly OperatorAlarm[];

  constructor(scope: Construct, id: string, { apis, workflows, tasks }: OrderAlarmsProps) {
    super(scope, id);
    const { parked, overdue, abnormalEnds, cancelledUnexpectedly, refundsFailed } = orderMetrics(this);

    new OperatorAlarm(this, 'ParkedOrders', {
      kind: 'ParkedOrders',
      means: 'An order waits for an operator',
      metric: parked,
      threshold: 1,
      // It stays raised until a count says that there is none: missing counts do not end it.
      missingData: TreatMissingData.IGNORE,
    });
    new OperatorAlarm(this, 'OverdueOrders', {
      kind: 'OverdueOrders',
      means: 'An order has neither ended nor parked for an hour, or nobody has looked for a quarter of one',
      metric: overdue,
      threshold: 1,
      periods: 3,
      missingData: TreatMissingData.BREACHING,
    });
    const abnormal = new OperatorAlarm(this, 'AbnormalEnds', {
      kind: 'AbnormalEnds',
      means: 'A workflow has ended neither well nor as OrderCancelled',
      metric: abnormalEnds,
      threshold: 1,
    });
    const technical = new OperatorAlarm(this, 'TechnicalCancellations', {
      kind: 'TechnicalCancellations',
      means: 'Orders are undone though neither customer, bank nor stock is the reason',
      metric: cancelledUnexpectedly,
      threshold: 3,
    });
    new OperatorAlarm(this, 'FailedRefunds', {
      kind: 'FailedRefunds',
      means: 'Money that was given back has come back, after its order had ended',
      metric: refundsFailed,
      threshold: 1,
    });
    this.ofVersion = [abnormal, technical];
    for (const api of [apis.customers, apis.operators]) {
      new OperatorAlarm(this, `${api.node.id}ApiErrors`, {
        kind: 'ApiErrors',
        of: api.node.id,
        means: `The API of ${api.node.id.toLowerCase()} fails on calls`,
        metric: api.metricServerError({ period: PERIOD }),
        threshold: 5,
      });
    }
    new OperatorAlarm(this, 'ApiLatency', {
      kind: 'ApiLatency',
      means: 'One call of customers in a hundred takes longer than three seconds',
      metric: apis.customers.metricLatency({ statistic: 'p99', period: PERIOD }),
      threshold: 3_000,
      periods: 3,
    });
    new OperatorAlarm(this, 'SagaLatency', {
      kind: 'SagaLatency',
      // Some wait for their customer, or for a bank, for as long as that takes.
      means: 'Every second order takes longer than half a minute',
      metric: workflows.fulfillment.stateMachine.metricTime({ statistic: 'p50', period: PERIOD }),
      threshold: 30_000,
      periods: 3,
    });
    for (const task of tasks) {
      new OperatorAlarm(this, `${task.node.id}Throttles`, {
        kind: 'Throttles',
        of: task.node.id,
        means: `Lambda refuses to run ${task.node.id}: there are no free instances`,
        metric: task.metricThrottles({ period: PERIOD }),
        threshold: 1,
      });
    }
    for (const { node, stateMachine } of workflows.all) {
      new OperatorAlarm(this, `${node.id}Throttles`, {
        kind: 'Throttles',
        of: node.id,
        means: `Step Functions slows ${node.id} down: the account makes more transitions than it may`,
        metric: stateMachine.metricThrottled({ period: PERIOD }),
        threshold: 1,
      });
    }
  }
}
