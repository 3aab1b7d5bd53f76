import { Duration } from 'aws-cdk-lib';
import { type EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { ServiceFunction } from '../base/service-function.ts';
import { DeadLetters } from '../events/dead-letters.ts';
import type { OrderRecords } from '../services/order-records.ts';
import type { Stage } from '../stage.ts';
import type { OrderWorkflows } from './order-workflow.ts';

export interface OrderRecoveryProps {
  readonly stage: Stage;
  readonly bus: EventBus;
  readonly records: OrderRecords;
  readonly workflows: OrderWorkflows;
  readonly releaseInventory: ServiceFunction;
  readonly checkPayment: ServiceFunction;
}

/** How often a pass begins, and how long it may take: where there is much to look at, the next follows at once. */
const EVERY = Duration.minutes(1);

/**
 * Takes care of orders that their workflow has left behind: at once where it ends abnormally, on a schedule for the
 * rest.
 */
export class OrderRecovery extends Construct {
  readonly reconcileOrders: ServiceFunction;

  constructor(
    scope: Construct,
    id: string,
    { stage, bus, records, workflows, releaseInventory, checkPayment }: OrderRecoveryProps,
  ) {
    super(scope, id);
    const { orders } = records;
    const environment = {
      ...workflows.environment,
      ORDERS_TABLE: orders.tableName,
      ORDER_BUS: bus.eventBusName,
    };

    const concurrency = stage.concurrency?.reaction;
    const recoverOrder = new ServiceFunction(this, 'RecoverOrder', { stage, environment, concurrency });
    new Rule(this, 'AbnormalEnds', {
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: workflows.all.map(({ stateMachine }) => stateMachine.stateMachineArn),
          // An order that was undone ends as FAILED too: the function tells that from an abnormal end.
          status: ['FAILED', 'ABORTED', 'TIMED_OUT'],
        },
      },
      targets: [new DeadLetters(this, 'RecoverOrderDeadLetters', recoverOrder).target],
    });

    const reconcileOrders = new ServiceFunction(this, 'ReconcileOrders', {
      stage,
      environment: {
        ...environment,
        RELEASE_INVENTORY_FUNCTION: releaseInventory.functionName,
        CHECK_PAYMENT_FUNCTION: checkPayment.functionName,
      },
      // One pass at a time: two would take twice the share of the engine's quota that a pass keeps to.
      concurrency: stage.concurrency && 1,
      timeout: EVERY,
    });
    new Rule(this, 'Schedule', {
      schedule: Schedule.rate(EVERY),
      targets: [new DeadLetters(this, 'ReconcileOrdersDeadLetters', reconcileOrders).target],
    });
    for (const asked of [releaseInventory, checkPayment]) asked.grantInvokeLatestVersion(reconcileOrders);
    orders.grantOnIndex(reconcileOrders, 'open', 'dynamodb:Query');
    workflows.fulfillment.grantStart(reconcileOrders);

    this.reconcileOrders = reconcileOrders;
    for (const each of [recoverOrder, reconcileOrders]) {
      orders.grant(each, 'dynamodb:UpdateItem');
      bus.grantPutEventsTo(each);
      workflows.continuation.grantStart(each);
      for (const workflow of workflows.all) workflow.grantRead(each);
    }
    orders.grant(recoverOrder, 'dynamodb:GetItem');
  }
}
