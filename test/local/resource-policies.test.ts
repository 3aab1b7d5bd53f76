import { describe, expect, it } from '@jest/globals';
import { checkResourcePolicies } from '../../local/aws/iam/resource-policies.ts';
import type { Resource } from '../../local/template.ts';

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const resource = (logicalId: string, type: string, properties: object, itsArn = ''): Resource => ({
  logicalId,
  type,
  properties: properties as Resource['properties'],
  ref: '',
  arn: itsArn,
  assetPath: undefined,
});

const charge = arn('lambda', 'function:charge');
const letters = arn('sqs', 'letters');
const permission = (Principal: string, SourceArn: string, FunctionName = charge) =>
  resource('Permission', 'AWS::Lambda::Permission', {
    FunctionName,
    Principal,
    Action: 'lambda:InvokeFunction',
    SourceArn,
  });

describe('a rule', () => {
  const itsArn = arn('events', 'rule/bus/r');
  const rule = resource(
    'Rule',
    'AWS::Events::Rule',
    { Targets: [{ Arn: charge, DeadLetterConfig: { Arn: letters } }] },
    itsArn,
  );
  const queuePolicy = (source: string) =>
    resource('QueuePolicy', 'AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: letters,
            Condition: { ArnEquals: { 'aws:SourceArn': source } },
          },
        ],
      },
    });
  const mayInvoke = permission('events.amazonaws.com', itsArn);

  it('calls a function whose policy lets it in, and leaves in a queue what it could not hand over', () => {
    expect(() => checkResourcePolicies([rule, mayInvoke, queuePolicy(itsArn)])).not.toThrow();
    const byName = permission('events.amazonaws.com', itsArn, 'charge');
    expect(() => checkResourcePolicies([rule, byName, queuePolicy(itsArn)])).not.toThrow();
  });

  it.each([
    ['has no permission', []],
    ['has that of another rule', [permission('events.amazonaws.com', arn('events', 'rule/bus/other'))]],
    ['has that of another service', [permission('apigateway.amazonaws.com', itsArn)]],
    ['has that of another function', [permission('events.amazonaws.com', itsArn, 'recharge')]],
  ])('that %s is an error at start', (_, permissions) => {
    expect(() => checkResourcePolicies([rule, ...permissions, queuePolicy(itsArn)])).toThrow(
      `Rule: events.amazonaws.com may not lambda:InvokeFunction on ${charge} for ${itsArn}`,
    );
  });

  it('whose queue lets another one in is an error at start', () => {
    expect(() => checkResourcePolicies([rule, mayInvoke, queuePolicy(arn('events', 'rule/x'))])).toThrow(
      `Rule: events.amazonaws.com may not sqs:SendMessage on ${letters}`,
    );
  });
});

describe('a route', () => {
  const api = [
    resource('Integration', 'AWS::ApiGatewayV2::Integration', { IntegrationUri: charge }),
    resource('Route', 'AWS::ApiGatewayV2::Route', {
      ApiId: 'Api',
      RouteKey: 'GET /orders/{orderId}',
      Target: 'integrations/Integration',
    }),
  ];
  const permitted = (path: string) =>
    permission('apigateway.amazonaws.com', arn('execute-api', `Api/*/*${path}`));

  it('calls a function whose policy lets its path in', () => {
    expect(() => checkResourcePolicies([...api, permitted('/orders/{orderId}')])).not.toThrow();
    expect(() => checkResourcePolicies([...api, permitted('/orders')])).toThrow(
      `Route: apigateway.amazonaws.com may not lambda:InvokeFunction on ${charge}`,
    );
  });
});
