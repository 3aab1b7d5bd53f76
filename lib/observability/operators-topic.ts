import { Aspects, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/**
 * The topic by which operators hear of alarms. Every alarm in the stack, whoever makes it, is told here when it is raised
 * and when it has ended. Not encrypted: CloudWatch cannot publish to a topic that is encrypted with SNS's own key, and
 * alarms hold no customer data.
 */
export class OperatorsTopic extends Topic {
  /** @param email who gets a mail, once they have confirmed the subscription; without it nobody does */
  constructor(scope: Construct, id: string, { email }: { email?: string | undefined }) {
    const stack = Stack.of(scope);
    super(scope, id, { topicName: `${stack.stackName}-${id}`, enforceSSL: true });
    // A topic that has a policy loses the default one, by which the alarms of its account may publish.
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'cloudwatch', resource: 'alarm:*' }) },
        },
      }),
    );
    if (email) this.addSubscription(new EmailSubscription(email));

    const toOperators = new SnsAction(this);
    Aspects.of(stack).add({
      visit: (node) => {
        if (!(node instanceof Alarm)) return;
        node.addAlarmAction(toOperators);
        node.addOkAction(toOperators);
      },
    });
  }
}
