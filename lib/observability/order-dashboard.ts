import { Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StateTransitionMetric } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Apis } from '../api/apis.ts';
import { allOf } from '../base/all-of.ts';
import { ServiceFunction } from '../base/service-function.ts';
import { ServiceTable } from '../base/service-table.ts';
import type { Listener } from '../events/listener.ts';
import type { OrderWorkflows } from '../workflow/order-workflow.ts';
import { orderMetrics, PERIOD } from './order-metrics.ts';

export interface OrderDashboardProps {
  readonly apis: Apis;
  readonly workflows: OrderWorkflows;
  readonly undos: readonly ServiceFunction[];
  readonly listeners: readonly Listener[];
}

const period = PERIOD;
const graph = (title: string, props: Omit<GraphWidgetProps, 'title'>) =>
  new GraphWidget({ title, width: 12, height: 6, leftYAxis: { min: 0 }, ...props });

/** Where a construct is in the stack: `Payment Payments`. */
const placeOf = ({ node }: Construct) => node.path.split('/').slice(1).join(' ');

/**
 * One page, from how orders end to what they cost. Made last, as it shows every function, table, queue and alarm in the
 * stack.
 */
export class OrderDashboard extends Dashboard {
  constructor(scope: Construct, id: string, { apis, workflows, undos, listeners }: OrderDashboardProps) {
    super(scope, id, { dashboardName: Stack.of(scope).stackName });
    const { open, parked, overdue, abnormalEnds, confirmed, cancelled, kept, refundsFailed } =
      orderMetrics(this);
    const functions = allOf(this, ServiceFunction);
    const tables = allOf(this, ServiceTable);
    const saga = workflows.fulfillment.stateMachine;

    this.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', width: 24, height: 4, alarms: allOf(this, Alarm) }),
    );
    this.addWidgets(
      graph('Orders by end', { left: [confirmed, cancelled], stacked: true }),
      graph('How long an order takes (ms)', {
        left: ['p50', 'p99'].map((statistic) => saga.metricTime({ statistic, period, label: statistic })),
      }),
    );
    this.addWidgets(
      graph('Orders that have not ended', { left: [open, parked, overdue] }),
      graph('Undos, and orders kept instead', {
        left: [...undos.map((undo) => undo.metricInvocations({ period, label: undo.node.id })), kept],
        stacked: true,
      }),
    );
    this.addWidgets(
      graph('Dead letters', {
        left: allOf(this, Queue).map((queue) =>
          queue.metricApproximateNumberOfMessagesVisible({
            period,
            label: placeOf(queue),
          }),
        ),
      }),
      graph('Throttles', {
        left: [
          ...functions.map((each) => each.metricThrottles({ period, label: each.node.id })),
          ...workflows.all.map(({ node, stateMachine }) =>
            stateMachine.metricThrottled({ period, label: node.id }),
          ),
        ],
      }),
    );
    this.addWidgets(
      graph('Ends that were no end, and errors of the APIs', {
        left: [
          abnormalEnds,
          refundsFailed,
          ...[apis.customers, apis.operators].map((api) =>
            api.metricServerError({ period, label: `${api.node.id} 5xx` }),
          ),
        ],
      }),
      graph('How long a call of customers takes (ms)', {
        left: ['p50', 'p99'].map((statistic) =>
          apis.customers.metricLatency({ statistic, period, label: statistic }),
        ),
      }),
    );
    this.addWidgets(
      graph('Cost: executions, and state transitions of the whole account', {
        left: workflows.all.map(({ node, stateMachine }) =>
          stateMachine.metricStarted({ period, label: node.id }),
        ),
        right: [
          StateTransitionMetric.metricConsumedCapacity({ period, statistic: 'Sum', label: 'transitions' }),
        ],
        stacked: true,
      }),
      graph('Cost: invocations', {
        left: functions.map((each) => each.metricInvocations({ period, label: each.node.id })),
        stacked: true,
      }),
    );
    this.addWidgets(
      graph('Cost: capacity of the tables (read left, written right)', {
        left: tables.map((table) => table.metricConsumedReadCapacityUnits({ period, label: placeOf(table) })),
        right: tables.map((table) =>
          table.metricConsumedWriteCapacityUnits({ period, label: placeOf(table) }),
        ),
      }),
      graph('Cost: events and their deliveries (log-event hears each event once)', {
        left: listeners.map((each) => each.function.metricInvocations({ period, label: each.name })),
      }),
    );
  }
}
