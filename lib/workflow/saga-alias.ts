import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { allOf } from '../base/all-of.ts';
import { ServiceFunction } from '../base/service-function.ts';
import type { Stage } from '../stage.ts';
import { LiveAlias } from './live-alias.ts';
import type { OrderWorkflows } from './order-workflow.ts';

export interface SagaAliasProps {
  readonly stage: Stage;
  readonly workflows: OrderWorkflows;
  /** Any of them, raised while the version has a part of the orders only, takes the whole deployment back. */
  readonly alarms: readonly Alarm[];
}

/**
 * By it orders enter the saga: where the stage has a canary, a part of them enters a new version first. Made last, and
 * deployed last: whoever starts an order, reads it, goes on with it or hears of it knows the new version by then.
 */
export class SagaAlias extends LiveAlias {
  constructor(scope: Construct, id: string, { stage: { canary }, workflows, alarms }: SagaAliasProps) {
    super(
      scope,
      id,
      workflows.fulfillment.version,
      canary && {
        type: 'CANARY',
        percentage: canary.percentage,
        interval: canary.minutes,
        alarms: alarms.map(({ alarmName }) => alarmName),
      },
    );
    this.node.addDependency(...allOf(this, ServiceFunction));
  }
}
