import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Stage } from './stage.ts';

const DEFINITION = join(import.meta.dirname, '../statemachines/order-fulfillment.asl.json');

export interface OrderWorkflowProps {
  readonly stage: Stage;
  /** The functions of the workflow's tasks; the construct id of each is its state's name. */
  readonly tasks: readonly LambdaFunction[];
  readonly bus: EventBus;
}

/** The saga: the definition from `statemachines/`, with our functions and our bus put in. */
export class OrderWorkflow extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { stage, tasks, bus }: OrderWorkflowProps) {
    super(scope, id);
    const stateMachineName = `${Stack.of(this).stackName}-OrderFulfillment`;
    this.stateMachine = new StateMachine(this, 'OrderFulfillment', {
      stateMachineName,
      definitionBody: DefinitionBody.fromString(readFileSync(DEFINITION, 'utf8')),
      definitionSubstitutions: {
        OrderBusName: bus.eventBusName,
        ...Object.fromEntries(tasks.map((task) => [`${task.node.id}FunctionArn`, task.functionArn])),
      },
      tracingEnabled: true,
      logs: {
        // Under vendedlogs the log delivery's resource policy does not grow with every state machine:
        // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
        destination: new LogGroup(this, 'OrderFulfillmentLogs', {
          logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
          retention: stage.logRetentionDays,
          removalPolicy: stage.retainsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        // Execution data holds addresses.
        includeExecutionData: false,
      },
    });
    for (const task of tasks) task.grantInvoke(this.stateMachine);
    bus.grantPutEventsTo(this.stateMachine);
  }
}
