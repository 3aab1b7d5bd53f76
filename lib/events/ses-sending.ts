import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * To send mail by SES from one address, by one configuration set. SES asks for both: for the address' identity, which is
 * either the address or its domain, and for the set.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export const sesSending = (
  scope: Construct,
  { mailFrom = '', mailConfigurationSet = '' }: Readonly<Record<string, string>>,
): PolicyStatement => {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(scope).formatArn({ service: 'ses', resource, resourceName });
  const [, domain = ''] = mailFrom.split('@');
  return new PolicyStatement({
    actions: ['ses:SendEmail'],
    resources: [
      arn('identity', mailFrom),
      arn('identity', domain.toLowerCase()),
      arn('configuration-set', mailConfigurationSet),
    ],
    conditions: { StringEquals: { 'ses:FromAddress': mailFrom } },
  });
};
