import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnDeletionPolicy, Stack } from 'aws-cdk-lib';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  type CfnStateMachine,
  CfnStateMachineVersion,
  DefinitionBody,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { WAITS } from '../../saga/steps.ts';
import type { ServiceFunction } from '../base/service-function.ts';
import { StageLogs } from '../base/stage-logs.ts';
import type { Stage } from '../stage.ts';
import { continuationOf } from './continuation.ts';
import type { Definition } from './entered-at.ts';
import { LIVE, LiveAlias } from './live-alias.ts';

/** The construct of the saga itself. */
export const FULFILLMENT = 'OrderFulfillment';

const DEFINITION: Definition = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../statemachines/order-fulfillment.asl.json'), 'utf8'),
);

/** The saga as a stage has it: its waits last as long as it says. */
const sagaOf = ({ waitSeconds = {} }: Stage): Definition => {
  const States = { ...DEFINITION.States };
  for (const [name, TimeoutSeconds] of Object.entries(waitSeconds)) {
    if (!WAITS.has(name)) throw new Error(`${name} is no wait of the saga`);
    States[name] = { ...States[name], TimeoutSeconds };
  }
  return { ...DEFINITION, States };
};

/** By the name of its construct. */
export const stateMachineNameOf = (scope: Construct, id: string) => `${Stack.of(scope).stackName}-${id}`;

/** The placeholders of a definition: `${name}`. */
const placeholdersIn = (text: string) =>
  new Set([...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? ''));

/** The functions of the saga's tasks, by their constructs. */
export const TASKS: readonly string[] = [...placeholdersIn(JSON.stringify(DEFINITION))].flatMap(
  (name) => name.match(/^(.+)FunctionArn$/)?.[1] ?? [],
);

export interface OrderWorkflowProps {
  readonly stage: Stage;
  readonly definition: Definition;
  /** The functions of the workflow's tasks, by their construct ids. */
  readonly tasks: readonly ServiceFunction[];
  readonly bus: EventBus;
}

/**
 * One state machine, published by version and started through its alias: an execution under way keeps the
 * definition, and the versions of the functions, that it began with.
 */
export class OrderWorkflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly logs: StageLogs;
  readonly version: CfnStateMachineVersion;

  constructor(scope: Construct, id: string, { stage, definition, tasks, bus }: OrderWorkflowProps) {
    super(scope, id);
    const stateMachineName = stateMachineNameOf(this, id);
    const text = JSON.stringify(definition);
    const needed = placeholdersIn(text);
    const invoked = tasks.filter((task) => needed.has(`${task.node.id}FunctionArn`));
    // Under vendedlogs the log delivery's resource policy does not grow with every state machine:
    // https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
    this.logs = new StageLogs(this, 'Logs', {
      stage,
      logGroupName: `/aws/vendedlogs/states/${stateMachineName}`,
    });
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName,
      definitionBody: DefinitionBody.fromString(text),
      definitionSubstitutions: {
        OrderBusName: bus.eventBusName,
        ...Object.fromEntries(
          invoked.map((task) => [`${task.node.id}FunctionArn`, task.currentVersion.functionArn]),
        ),
      },
      tracingEnabled: true,
      logs: {
        destination: this.logs,
        level: LogLevel.ALL,
        // Execution data would tell who has ordered what.
        includeExecutionData: false,
      },
    });
    // On all versions, not only the current one: executions under way still call those that they began with.
    for (const task of invoked) task.grantInvoke(this.stateMachine);
    bus.grantPutEventsTo(this.stateMachine);

    const machine = this.stateMachine.node.defaultChild as CfnStateMachine;
    this.version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn: machine.attrArn,
      // Each revision of the definition is a new version; the earlier ones stay.
      stateMachineRevisionId: machine.attrStateMachineRevisionId,
    });
    this.version.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    this.version.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  }

  /**
   * Through the alias alone. AWS authorizes the call on the machine's ARN, and has the alias in a condition key:
   * https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
   */
  grantStart(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['states:StartExecution'],
        resources: [this.stateMachine.stateMachineArn],
        conditions: { 'ForAnyValue:StringEquals': { 'states:StateMachineQualifier': LIVE } },
      }),
    );
  }

  grantRead(grantee: IGrantable): void {
    this.stateMachine.grantExecution(grantee, 'states:GetExecutionHistory');
  }
}

/** The saga, and the machine that continues an order after it: the same definition, entered further on. */
export class OrderWorkflows extends Construct {
  readonly fulfillment: OrderWorkflow;
  readonly continuation: OrderWorkflow;
  readonly all: readonly OrderWorkflow[];
  /** The environment of a function that deals with workflows. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: Omit<OrderWorkflowProps, 'definition'>) {
    super(scope, id);
    const saga = sagaOf(props.stage);
    this.fulfillment = new OrderWorkflow(this, FULFILLMENT, { ...props, definition: saga });
    this.continuation = new OrderWorkflow(this, 'OrderContinuation', {
      ...props,
      definition: continuationOf(saga),
    });
    this.all = [this.fulfillment, this.continuation];
    // What a new saga has done is undone by a new continuation, however it ends: this alias comes before the saga's, and at
    // once.
    const continuation = new LiveAlias(this, 'Continuation', this.continuation.version);
    this.environment = {
      // Not by the alias itself, which is shifted after the functions: see `SagaAlias`.
      FULFILLMENT_ARN: `${this.fulfillment.stateMachine.stateMachineArn}:${LIVE}`,
      CONTINUATION_ARN: continuation.attrArn,
    };
  }
}
