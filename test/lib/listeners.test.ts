import { describe, expect, it } from '@jest/globals';
import { contracts } from '../../contracts/contracts.ts';
import { SOURCE } from '../../events/contract.ts';
import { ListenersEnv } from '../../lambdas/runtime/listeners.ts';
import { listeners } from '../statemachines/sources.ts';
import { dev, devFunctions } from './templates.ts';

interface RuleProperties {
  readonly EventBusName: string;
  readonly EventPattern?: { readonly source: readonly string[]; readonly 'detail-type': readonly string[] };
  readonly State: string;
  readonly Targets: readonly { readonly Arn: string; readonly DeadLetterConfig: { readonly Arn: string } }[];
}
interface AsyncProperties {
  readonly FunctionName: string;
  readonly MaximumRetryAttempts: number;
  readonly MaximumEventAgeInSeconds: number;
  readonly DestinationConfig: { readonly OnFailure: { readonly Destination: string } };
}
interface AlarmProperties {
  readonly MetricName?: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
}
interface QueuePolicyProperties {
  readonly Queues: readonly string[];
  readonly PolicyDocument: {
    readonly Statement: readonly {
      readonly Effect: string;
      readonly Action: string | readonly string[];
      readonly Resource: string;
    }[];
  };
}

const rules = dev
  .ofType<RuleProperties>('AWS::Events::Rule')
  .map(({ arn, properties }) => ({ arn, ...properties }));
const asyncs = dev
  .ofType<AsyncProperties>('AWS::Lambda::EventInvokeConfig')
  .map(({ properties }) => properties);
const alarms = dev.ofType<AlarmProperties>('AWS::CloudWatch::Alarm').map(({ properties }) => properties);
const queues = dev
  .ofType<{ QueueName: string }>('AWS::SQS::Queue')
  .map(({ properties, ref }) => ({ name: properties.QueueName, url: ref, properties }));
const queuePolicies = dev
  .ofType<QueuePolicyProperties>('AWS::SQS::QueuePolicy')
  .flatMap(({ properties }) => properties.PolicyDocument.Statement);

/** What is called by a rule: our side effects, and what goes on with orders that were left behind. */
const reactions = [...listeners, 'RecoverOrder', 'ReconcileOrders'];
const ruleFor = (name: string) =>
  rules.find(({ Targets }) => Targets.some(({ Arn }) => Arn.endsWith(`:order-saga-dev-${name}`)));

describe.each(listeners)('the listener %s', (listener) => {
  const rule = ruleFor(listener);

  it('is called by a rule on our bus for our events, all of them known', () => {
    expect(rule).toMatchObject({
      EventBusName: 'order-saga-dev-OrderBus',
      State: 'ENABLED',
      EventPattern: { source: [SOURCE] },
    });
    const types = rule?.EventPattern?.['detail-type'] ?? [];
    expect(types.length).toBeGreaterThan(0);
    expect(types.filter((type) => !contracts.some((contract) => contract.type === type))).toEqual([]);
  });
});

it('the rules call what reacts, and nothing else', () => {
  expect(rules.flatMap(({ Targets }) => Targets.map(({ Arn }) => Arn.split(':').at(-1))).sort()).toEqual(
    reactions.map((name) => `order-saga-dev-${name}`).sort(),
  );
});

describe.each(reactions)('what becomes of an event that %s cannot be given:', (reaction) => {
  const functionName = `order-saga-dev-${reaction}`;
  const rule = ruleFor(reaction);
  const deadLetters = queues.find(({ name }) => name === `order-saga-dev-${reaction}-DeadLetters`)?.name;
  const deadLettersArn = expect.stringMatching(new RegExp(`^arn:aws:sqs:.*:${deadLetters}$`));

  it('the rule tries again, and keeps what cannot be handed over', () => {
    expect(rule?.Targets).toEqual([
      expect.objectContaining({
        RetryPolicy: { MaximumEventAgeInSeconds: 24 * 60 * 60, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: deadLettersArn },
      }),
    ]);
  });

  it('Lambda tries again, and keeps what the function fails on for good', () => {
    expect(asyncs.filter(({ FunctionName }) => FunctionName === functionName)).toEqual([
      expect.objectContaining({
        MaximumRetryAttempts: 2,
        MaximumEventAgeInSeconds: 6 * 60 * 60,
        DestinationConfig: { OnFailure: { Destination: deadLettersArn } },
      }),
    ]);
  });

  it('an alarm is raised as soon as the queue holds one event', () => {
    const alarm = alarms.find(({ Dimensions }) => Dimensions.some(({ Value }) => Value === deadLetters));
    expect(alarm).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Threshold: 1,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    });
  });
});

describe.each(reactions)('events that wait for %s', (reaction) => {
  it('raise an alarm long before they are dead letters', () => {
    const alarm = alarms.find(
      ({ MetricName, Dimensions }) =>
        MetricName === 'AsyncEventAge' &&
        Dimensions.some(({ Value }) => Value === `order-saga-dev-${reaction}`),
    );
    expect(alarm).toMatchObject({ Namespace: 'AWS/Lambda', Statistic: 'Maximum', Threshold: 15 * 60_000 });
  });
});

describe('every event of events/', () => {
  it.each(contracts.map(({ type }) => type))('%s has a listener', (type) => {
    expect(rules.flatMap(({ EventPattern }) => EventPattern?.['detail-type'] ?? [])).toContain(type);
  });
});

describe.each(queues)('the queue $name', ({ name, properties }) => {
  const statements = queuePolicies.filter(({ Resource }) => Resource.endsWith(`:${name}`));

  it('is encrypted, and keeps what it holds for two weeks', () => {
    expect(properties).toMatchObject({
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
    });
  });

  it('refuses whoever comes without TLS', () => {
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sqs:*',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  it('lets none but its own rule send', () => {
    const own = rules.filter(({ Targets }) =>
      Targets.some((target) => target.DeadLetterConfig.Arn.endsWith(`:${name}`)),
    );
    expect(own).toHaveLength(1);
    const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': own[0]?.arn } },
      }),
    ]);
  });
});

describe('what operators’ functions are told of the listeners', () => {
  const [told, ...others] = new Set(
    devFunctions.flatMap(({ properties }) => properties.Environment.Variables.LISTENERS ?? []),
  );
  const { LISTENERS } = ListenersEnv.parse({ LISTENERS: told });

  it('is the same for each, and knows each by its name', () => {
    expect(others).toEqual([]);
    expect([...LISTENERS.keys()].sort()).toEqual(
      listeners.map((name) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase()).sort(),
    );
  });

  it.each([...LISTENERS])('is of %s the function, the queue and the rule that there are', (_, parts) => {
    const name = parts.functionName.replace('order-saga-dev-', '');
    expect(parts).toEqual({
      functionName: devFunctions.find((each) => each.name === name)?.properties.FunctionName,
      queueUrl: queues.find((queue) => queue.name === `${parts.functionName}-DeadLetters`)?.url,
      ruleArn: ruleFor(name)?.arn,
    });
  });

  it('grows with a listener by no more than its name', () => {
    const names = JSON.stringify((JSON.parse(told ?? '{}') as { names: string[] }).names);
    expect((told ?? '').length - names.length).toBeLessThan(400);
  });
});

describe('the archive', () => {
  const [archive, ...others] = dev.ofType<{ RetentionDays: number; EventPattern: object }>(
    'AWS::Events::Archive',
  );

  it('keeps every event of ours', () => {
    expect(others).toEqual([]);
    expect(archive?.properties.EventPattern).toEqual({ source: [SOURCE] });
  });

  it('forgets an event before any listener forgets that it has dealt with it', () => {
    const remembered = devFunctions.flatMap(
      ({ properties }) => properties.Environment.Variables.REMEMBERED_DAYS ?? [],
    );
    expect(remembered.length).toBeGreaterThanOrEqual(listeners.length);
    for (const days of remembered)
      expect(Number(days)).toBeGreaterThan(archive?.properties.RetentionDays ?? 0);
  });
});

it('a listener has no reserve of instances in dev: a new account has none to give', () => {
  expect(devFunctions.filter(({ properties }) => properties.ReservedConcurrentExecutions)).toEqual([]);
});
