import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { deadLettersNameOf } from './dead-letters.ts';
import type { Listener } from './listener.ts';
import type { OrderBus } from './order-bus.ts';
import { functionNameOf } from './service-function.ts';

/**
 * What a function that deals with all listeners is told of them: their names alone, as what each is made of is called
 * after it. What a function may be told is bounded, listeners are not.
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

/** To see what lies in the listeners' queues, and to let go of it. */
export const grantLookAtDeadLetters = (grantee: IGrantable, listeners: readonly Listener[]): void => {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility'],
      resources: listeners.map(({ deadLetters }) => deadLetters.queue.queueArn),
    }),
  );
};
