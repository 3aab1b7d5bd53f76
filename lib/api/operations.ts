import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ServiceFunction } from '../base/service-function.ts';
import type { Deliveries } from '../events/deliveries.ts';
import type { Listener } from '../events/listener.ts';
import { grantLookAtDeadLetters, listenersEnvironment } from '../events/listeners-environment.ts';
import type { OrderBus } from '../events/order-bus.ts';
import type { Stage } from '../stage.ts';
import type { Actions } from './actions.ts';
import type { Apis } from './apis.ts';

export interface OperationsProps {
  readonly stage: Stage;
  readonly apis: Apis;
  readonly bus: OrderBus;
  readonly deliveries: Deliveries;
  readonly actions: Actions;
  readonly listeners: readonly Listener[];
}

/** What operators do about deliveries: look at them, redrive dead letters, and replay archived events. */
export class Operations extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stage, apis, bus, deliveries, actions, listeners }: OperationsProps,
  ) {
    super(scope, id);
    const queues = listeners.map(({ deadLetters }) => deadLetters.queue.queueArn);
    const stack = Stack.of(this);
    const told = { ...apis.environment, ...listenersEnvironment(this, bus, listeners) };

    const listDeliveries = new ServiceFunction(this, 'ListDeliveries', {
      stage,
      environment: { ...apis.environment, ...deliveries.environment },
    });
    deliveries.grantReadUnderCorrelationId(listDeliveries);

    const listDeadLetters = new ServiceFunction(this, 'ListDeadLetters', {
      stage,
      environment: told,
    });
    grantLookAtDeadLetters(listDeadLetters, listeners);

    const redriveListener = new ServiceFunction(this, 'RedriveListener', {
      stage,
      environment: { ...told, ...actions.environment },
    });
    redriveListener.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
        resources: queues,
      }),
    );
    for (const listener of listeners) listener.function.grantInvokeLatestVersion(redriveListener);

    // The name of a replay is not known before it starts.
    const replays = stack.formatArn({ service: 'events', resource: 'replay', resourceName: '*' });
    const archive = { ARCHIVE_ARN: bus.orderEvents.archiveArn, ORDER_BUS_ARN: bus.eventBusArn };
    const startReplay = new ServiceFunction(this, 'StartReplay', {
      stage,
      environment: { ...told, ...archive, ...actions.environment },
    });
    startReplay.addToRolePolicy(
      new PolicyStatement({
        actions: ['events:StartReplay'],
        resources: [bus.orderEvents.archiveArn, bus.eventBusArn, replays],
      }),
    );
    const getReplay = new ServiceFunction(this, 'GetReplay', { stage, environment: apis.environment });
    getReplay.addToRolePolicy(
      new PolicyStatement({
        actions: ['events:DescribeReplay'],
        resources: [replays],
      }),
    );

    actions.grantRecord(redriveListener, startReplay);
    const listActions = new ServiceFunction(this, 'ListActions', {
      stage,
      environment: { ...apis.environment, ...actions.environment },
    });
    actions.grant(listActions, 'dynamodb:Query');

    apis.serve(listActions, listDeliveries, listDeadLetters, redriveListener, startReplay, getReplay);
  }
}
