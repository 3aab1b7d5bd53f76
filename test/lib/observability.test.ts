import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Refusal, STEP_NAMES, STEPS, type Step, UNDOS } from '../../saga/steps.ts';
import { handlers } from '../statemachines/sources.ts';
import { dev, devFunctions, root } from './templates.ts';

interface Statement {
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: string;
  readonly Condition: object;
}
interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
  readonly ActionsEnabled?: boolean;
  readonly TreatMissingData: string;
  readonly MetricName?: string;
}

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:order-saga-dev-Operators';
const alarms = dev.ofType<AlarmProperties>('AWS::CloudWatch::Alarm').map(({ properties }) => properties);
const alarm = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `order-saga-dev-${name}`);
/** `DeadLetters` of `order-saga-dev-DeadLetters-LogEvent`. */
const kinds = new Set(alarms.map(({ AlarmName }) => AlarmName.split('-')[3] ?? ''));
const groups = dev
  .ofType<{ LogGroupName: string }>('AWS::Logs::LogGroup')
  .map(({ properties }) => properties.LogGroupName);

describe('the operators’ topic', () => {
  it('hears of every alarm there is, when it is raised and when it has ended', () => {
    expect(alarms.length).toBeGreaterThan(20);
    for (const { AlarmName, AlarmActions, OKActions, ActionsEnabled = true } of alarms)
      expect([AlarmName, AlarmActions, OKActions, ActionsEnabled]).toEqual([
        AlarmName,
        [TOPIC],
        [TOPIC],
        true,
      ]);
  });

  it('takes messages from alarms of its account alone, and over TLS', () => {
    const [policy, ...others] = dev
      .ofType<{ PolicyDocument: { Statement: Statement[] }; Topics: string[] }>('AWS::SNS::TopicPolicy')
      .map(({ properties }) => properties);
    expect(others).toEqual([]);
    expect(policy?.Topics).toEqual([TOPIC]);
    expect(policy?.PolicyDocument.Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      expect.objectContaining({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '000000000000' },
          ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:*' },
        },
      }),
    ]);
  });

  it('sends no mail where no address was given', () => {
    expect(dev.ofType('AWS::SNS::Subscription')).toEqual([]);
  });
});

describe('the runbook', () => {
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8');
  const headings = [...runbook.matchAll(/^## (\w+)$/gm)].map(([, heading]) => heading);

  it('has an entry for each kind of alarm, and none for one that is not', () => {
    expect(headings.sort()).toEqual([...kinds].sort());
  });

  it.each(alarms)('is where $AlarmName leads to', ({ AlarmName, AlarmDescription }) => {
    const [, link] = /docs\/runbook\.md#(\w+)$/.exec(AlarmDescription) ?? [];
    expect(link).toBe(AlarmName.split('-')[3]?.toLowerCase());
  });
});

describe('an operator is called', () => {
  it('for as long as an order is parked: not to have counted ends nothing', () => {
    expect(alarm('ParkedOrders')).toMatchObject({
      Metrics: [{ MetricStat: { Stat: 'Maximum', Period: 300, Metric: { MetricName: 'OrdersParked' } } }],
      Threshold: 1,
      EvaluationPeriods: 1,
      TreatMissingData: 'ignore',
    });
  });

  it('for an order that neither ends nor parks, and where nobody has looked', () => {
    expect(alarm('OverdueOrders')).toMatchObject({
      Metrics: [{ MetricStat: { Metric: { MetricName: 'OrdersOverdue' } } }],
      EvaluationPeriods: 3,
      TreatMissingData: 'breaching',
    });
  });

  it('for the first end that was no end: the function counts it, as FAILED is the clean end of an undone order too', () => {
    expect(alarm('AbnormalEnds')).toMatchObject({
      Metrics: [{ MetricStat: { Stat: 'Sum', Metric: { MetricName: 'AbnormalEnds' } } }],
      Threshold: 1,
    });
    expect(alarms.filter(({ MetricName }) => MetricName === 'ExecutionsFailed')).toEqual([]);
  });

  it('for cancellations by any reason but those that belong to business', () => {
    const {
      Metrics: [query],
    } = alarm('TechnicalCancellations') as unknown as {
      Metrics: [{ Expression: string }];
    };
    expect(query.Expression).toContain('FROM SCHEMA("order-saga-dev", service, reason)');
    const refusals = STEP_NAMES.flatMap((name): [string, Refusal][] => {
      const { refusals, expiry }: Step = STEPS[name];
      return [...Object.entries(refusals), ...(expiry ? [[expiry.state, expiry] as [string, Refusal]] : [])];
    });
    const expected = refusals.filter(([, { isExpected }]) => isExpected).map(([name]) => name);
    expect([...query.Expression.matchAll(/reason != '(\w+)'/g)].map(([, reason]) => reason).sort()).toEqual(
      ['CancelledByCustomer', 'CancelledByOperator', ...expected].sort(),
    );
  });

  it('for the first refund that has come back', () => {
    expect(alarm('FailedRefunds')).toMatchObject({
      Metrics: [{ MetricStat: { Stat: 'Sum', Metric: { MetricName: 'RefundsFailed' } } }],
      Threshold: 1,
    });
  });

  it('where any task or any state machine is throttled', () => {
    const machines = ['OrderContinuation', 'OrderFulfillment'];
    const tasks = dev
      .ofType<{ DefinitionSubstitutions: object }>('AWS::StepFunctions::StateMachine')
      .flatMap(({ properties }) => Object.keys(properties.DefinitionSubstitutions))
      .flatMap((placeholder) => /^(\w+)FunctionArn$/.exec(placeholder)?.[1] ?? []);
    const throttles = alarms.flatMap(({ AlarmName }) => /-Throttles-(\w+)$/.exec(AlarmName)?.[1] ?? []);
    expect(throttles.sort()).toEqual([...machines, ...new Set(tasks)].sort());
  });

  it('where the API fails, or it or the saga is slow for a quarter of an hour', () => {
    for (const api of ['Customers', 'Operators'])
      expect(alarm(`ApiErrors-${api}`)).toMatchObject({
        MetricName: '5xx',
        Threshold: 5,
        EvaluationPeriods: 1,
        Dimensions: [{ Name: 'ApiId', Value: `Api${api}` }],
      });
    expect(alarm('ApiLatency')).toMatchObject({
      MetricName: 'Latency',
      ExtendedStatistic: 'p99',
      Threshold: 3_000,
      EvaluationPeriods: 3,
    });
    expect(alarm('SagaLatency')).toMatchObject({
      MetricName: 'ExecutionTime',
      ExtendedStatistic: 'p50',
      Threshold: 30_000,
      EvaluationPeriods: 3,
      Dimensions: [
        { Name: 'StateMachineArn', Value: expect.stringMatching(/:order-saga-dev-OrderFulfillment$/) },
      ],
    });
  });
});

describe('the dashboard', () => {
  interface Widget {
    readonly properties: {
      readonly title: string;
      readonly metrics?: readonly unknown[][];
      readonly alarms?: unknown;
    };
  }
  const [dashboard, ...others] = dev.ofType<{ DashboardName: string; DashboardBody: string }>(
    'AWS::CloudWatch::Dashboard',
  );
  const { widgets } = JSON.parse(dashboard?.properties.DashboardBody ?? '{}') as { widgets: Widget[] };
  const widget = (title: string) => widgets.find(({ properties }) => properties.title.startsWith(title));
  const shown = (title: string, metric: string) =>
    (widget(title)?.properties.metrics ?? []).flatMap((line) =>
      line.includes(metric) ? [String(line[3])] : [],
    );
  const names = devFunctions.map(({ properties }) => properties.FunctionName);

  it('is one, named after the stack', () => {
    expect([dashboard?.properties.DashboardName, others]).toEqual(['order-saga-dev', []]);
  });

  it('shows the state of every alarm', () => {
    expect(widget('Alarms')?.properties.alarms).toEqual(
      alarms.map(({ AlarmName }) => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${AlarmName}`),
    );
  });

  it('shows how orders end: confirmed in any currency, cancelled by each reason', () => {
    const told = JSON.stringify(widget('Orders by end')?.properties.metrics).replaceAll('\\', '');
    expect(told).toContain('SUM(SEARCH(\'{"order-saga-dev",service,currency} MetricName="OrdersConfirmed"');
    expect(told).toContain('"SEARCH(\'{"order-saga-dev",service,reason} MetricName="OrdersCancelled"');
  });

  it('shows how long an order takes, of the fast half and of the slowest hundredth', () => {
    const told = JSON.stringify(widget('How long an order takes')?.properties.metrics);
    for (const statistic of ['p50', 'p99']) expect(told).toContain(`"stat":"${statistic}"`);
  });

  it('shows what waits, what is undone, and what could not be delivered', () => {
    const waiting = JSON.stringify(widget('Orders that have not ended')?.properties.metrics);
    for (const metric of ['OrdersOpen', 'OrdersParked', 'OrdersOverdue']) expect(waiting).toContain(metric);
    expect(shown('Undos', 'Invocations')).toEqual(UNDOS.map((name) => `order-saga-dev-${name}`));
    const queues = dev.ofType('AWS::SQS::Queue');
    expect(shown('Dead letters', 'ApproximateNumberOfMessagesVisible')).toHaveLength(queues.length);
  });

  it('shows the throttles and the invocations of every function', () => {
    expect(shown('Throttles', 'Throttles').sort()).toEqual(names.sort());
    expect(shown('Cost: invocations', 'Invocations').sort()).toEqual(names.sort());
  });

  it('shows what else costs: executions, transitions, the capacity of every table, deliveries', () => {
    expect(shown('Cost: executions', 'ExecutionsStarted')).toHaveLength(2);
    expect(shown('Cost: executions', 'ConsumedCapacity')).toEqual(['StateTransition']);
    const tables = dev.ofType('AWS::DynamoDB::Table').length;
    for (const metric of ['ConsumedReadCapacityUnits', 'ConsumedWriteCapacityUnits'])
      expect(shown('Cost: capacity', metric)).toHaveLength(tables);
    const listeners = [...handlers].filter(([, { service }]) => service === 'listeners');
    expect(shown('Cost: events', 'Invocations')).toHaveLength(listeners.length);
  });
});

describe('the saved queries', () => {
  const queries = dev
    .ofType<{ Name: string; QueryString: string; LogGroupNames: string[] }>('AWS::Logs::QueryDefinition')
    .map(({ properties }) => properties);

  it('are two', () => {
    expect(queries.map(({ Name }) => Name).sort()).toEqual([
      'order-saga-dev/one correlation id',
      'order-saga-dev/slowest steps',
    ]);
  });

  it('look for one correlation id in every log there is, as many as a query may have', () => {
    const query = queries.find(({ Name }) => Name.endsWith('one correlation id'));
    expect(query?.LogGroupNames.toSorted()).toEqual(groups.toSorted());
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
    expect(groups.length).toBeLessThanOrEqual(50);
    expect(query?.QueryString).toContain('correlationId = "CORRELATION_ID"');
  });

  it('look for the slowest steps in what the engine logs', () => {
    const query = queries.find(({ Name }) => Name.endsWith('slowest steps'));
    expect(query?.LogGroupNames).toEqual(
      ['OrderFulfillment', 'OrderContinuation'].map(
        (name) => `/aws/vendedlogs/states/order-saga-dev-${name}`,
      ),
    );
  });
});

describe('the access log', () => {
  const stages = dev
    .ofType<{ ApiId: string; AccessLogSettings: { DestinationArn: string; Format: string } }>(
      'AWS::ApiGatewayV2::Stage',
    )
    .map(({ properties: { ApiId, AccessLogSettings } }) => ({ ApiId, ...AccessLogSettings }));

  it.each(stages)('of $ApiId goes to a group of its own, which forgets', ({ ApiId, DestinationArn }) => {
    const name = `/aws/vendedlogs/apis/order-saga-dev-${ApiId.replace('Api', '').toLowerCase()}`;
    expect(DestinationArn).toContain(`:log-group:${name}`);
    const group = dev
      .ofType<{ LogGroupName: string; RetentionInDays: number }>('AWS::Logs::LogGroup')
      .find(({ properties }) => properties.LogGroupName === name);
    expect(group?.properties.RetentionInDays).toBe(7);
  });

  it.each(stages)(
    'of $ApiId says which call, what came of it and how long it took, and who called; not from where',
    ({ Format }) => {
      expect(Object.keys(JSON.parse(Format)).sort()).toEqual([
        'account',
        'error',
        'integrationLatency',
        'path',
        'requestId',
        'responseLatency',
        'routeKey',
        'status',
        'subject',
      ]);
    },
  );
});

it('each stage counts for itself: the metrics’ namespace is the stack’s name', () => {
  const namespaces = devFunctions.map(
    ({ properties }) => properties.Environment.Variables.POWERTOOLS_METRICS_NAMESPACE,
  );
  expect(new Set(namespaces)).toEqual(new Set(['order-saga-dev']));
});
