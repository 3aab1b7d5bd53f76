import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { functionNameOf } from '../base/service-function.ts';
import { deadLettersNameOf } from './dead-letters.ts';
import type { Listener } from './listener.ts';
import type { OrderBus } from './order-bus.ts';

/**
 * The environment of a function that deals with all listeners. It holds their names alone, as the parts of each are named
 * after it: a function's environment is bounded, the number of listeners is not.
 */
export const listenersEnvironment = (
  scope: Construct,
  bus: OrderBus,
  listeners: readonly Listener[],
): Readonly<Record<string, string>> => {
  const stack = Stack.of(scope);
  return {
    LISTENERS: stack.toJsonString({
      names: listeners.map(({ node }) => node.id),
      functionName: functionNameOf(scope, '*'),
      queueUrl: `https://sqs.${stack.region}.${stack.urlSuffix}/${stack.account}/${deadLettersNameOf(scope, '*')}`,
      ruleArn: stack.formatArn({
        service: 'events',
        resource: 'rule',
        resourceName: `${bus.eventBusName}/${functionNameOf(scope, '*')}`,
      }),
    }),
  };
};

/** Lets the function read the listeners' queues, and take letters off them. */
export const grantLookAtDeadLetters = (grantee: IGrantable, listeners: readonly Listener[]): void => {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility'],
      resources: listeners.map(({ deadLetters }) => deadLetters.queue.queueArn),
    }),
  );
};
