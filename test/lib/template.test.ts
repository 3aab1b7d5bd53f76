import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { STAGES } from '../../lib/stage.ts';
import { continuationOf } from '../../lib/workflow/continuation.ts';
import { enteredAt } from '../../lib/workflow/entered-at.ts';
import { STEP_NAMES, WAITS } from '../../saga/steps.ts';
import { reachableFrom } from '../statemachines/compensation-graph.ts';
import { type Definition, orderFulfillment, placeholdersIn } from '../statemachines/definition.ts';
import { handlers } from '../statemachines/sources.ts';
import { dev, devFunctions, shortName } from './templates.ts';

interface StateMachineProperties {
  readonly StateMachineName: string;
  readonly DefinitionString: string;
  readonly DefinitionSubstitutions: Readonly<Record<string, string>>;
  readonly LoggingConfiguration: object;
  readonly TracingConfiguration: object;
}
interface LogGroupProperties {
  readonly LogGroupName: string;
  readonly RetentionInDays?: number;
}

const logGroups = dev.ofType<LogGroupProperties>('AWS::Logs::LogGroup');
const machines = dev
  .ofType<StateMachineProperties>('AWS::StepFunctions::StateMachine')
  .map(({ properties }) => ({
    ...properties,
    arn: `arn:aws:states:us-east-1:000000000000:stateMachine:${properties.StateMachineName}`,
    definition: JSON.parse(properties.DefinitionString) as Definition,
  }));
const versions = dev.ofType<{ StateMachineArn: string; StateMachineRevisionId: string }>(
  'AWS::StepFunctions::StateMachineVersion',
);
const aliases = dev.ofType('AWS::StepFunctions::StateMachineAlias');
const functionVersions = dev.ofType<{ FunctionName: string }>('AWS::Lambda::Version');

describe('the functions', () => {
  it('are the files that export a handler, by name', () => {
    expect(devFunctions.map(({ properties }) => properties.FunctionName).sort()).toEqual(
      [...handlers.keys()].map((name) => `order-saga-dev-${name}`).sort(),
    );
  });
});

describe.each(devFunctions)('the function $name', ({ name, properties }) => {
  it('runs Node 24 on arm64, traced', () => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
      Handler: 'index.handler',
    });
  });

  it('logs JSON into a group of its own, which forgets', () => {
    const { LogFormat, LogGroup } = properties.LoggingConfig;
    expect([LogFormat, LogGroup]).toEqual(['JSON', `/aws/lambda/order-saga-dev-${name}`]);
    const group = logGroups.find((each) => each.properties.LogGroupName === LogGroup);
    expect(group?.properties.RetentionInDays).toBe(7);
    expect(group?.DeletionPolicy).toBe('Delete');
  });

  it('gives up before the API does: an HTTP API waits for 30 seconds at most', () => {
    // For the one that no call waits for to its end, the next minute's schedule.
    expect(properties.Timeout).toBeLessThanOrEqual(name === 'ReconcileOrders' ? 60 : 29);
  });
});

describe.each(machines)('the state machine $StateMachineName', (machine) => {
  const called = Object.entries(machine.definition.States).flatMap(([state, fields]) =>
    placeholdersIn(fields)
      .map((placeholder) => machine.DefinitionSubstitutions[placeholder] ?? '')
      .filter((arn) => arn.startsWith('arn:aws:lambda:'))
      .map((arn) => {
        const [, , , , , , name = '', version] = arn.split(':');
        return { state, name, version, patience: fields.TimeoutSeconds };
      }),
  );

  it('logs everything but what holds addresses, and is traced', () => {
    expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
    expect(machine.TracingConfiguration).toEqual({ Enabled: true });
    const group = logGroups.find(
      ({ properties }) => properties.LogGroupName === `/aws/vendedlogs/states/${machine.StateMachineName}`,
    );
    expect(group?.properties.RetentionInDays).toBe(7);
    expect(JSON.stringify(machine.LoggingConfiguration)).toContain(group?.properties.LogGroupName);
  });

  it('is given every placeholder of its definition, and no other', () => {
    expect(Object.keys(machine.DefinitionSubstitutions).sort()).toEqual(
      placeholdersIn(machine.definition).sort(),
    );
  });

  it.each(called)(
    'calls in $state a function that gives up before the state does',
    ({ state, name, patience }) => {
      const callee = devFunctions.find(({ properties }) => properties.FunctionName === name);
      const waiting = WAITS.has(state) ? 'AwaitPayment' : undefined;
      expect(shortName(name)).toBe(state.startsWith('Park') ? 'ParkOrder' : (waiting ?? state));
      expect(callee?.properties.Timeout).toBeLessThan(patience ?? 0);
    },
  );

  it.each(called)('calls in $state a published version, which is kept', ({ name, version }) => {
    expect(version).toBe('1');
    const published = functionVersions.filter(({ properties }) => properties.FunctionName === name);
    expect(published).toMatchObject([{ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }]);
  });

  it('is published by version with each revision, and earlier versions are kept', () => {
    const published = versions.filter(({ properties }) => properties.StateMachineArn === machine.arn);
    // The revision as this template makes it: another revision replaces the version by a new one.
    expect(published).toMatchObject([
      { properties: { StateMachineRevisionId: 'local' }, UpdateReplacePolicy: 'Retain' },
    ]);
  });

  it('is started by the alias live, which goes to that version, at once', () => {
    const live = aliases.filter(({ arn }) => arn === `${machine.arn}:live`);
    expect(live.map(({ properties }) => properties)).toEqual([
      {
        Name: 'live',
        DeploymentPreference: { StateMachineVersionArn: `${machine.arn}:1`, Type: 'ALL_AT_ONCE' },
      },
    ]);
  });

  it('has no state that cannot be reached from where it is entered', () => {
    const reached = reachableFrom(machine.definition, machine.definition.StartAt);
    expect(Object.keys(machine.definition.States).sort()).toEqual([...reached].sort());
  });
});

describe('the state machines', () => {
  const definitions = machines.map(({ StateMachineName, definition }) => [
    StateMachineName.replace('order-saga-dev-', ''),
    definition,
  ]);

  it('are the saga, with the waits of the stage, and the same entered where its input says', () => {
    const { waitSeconds = {} } = STAGES.find(({ name }) => name === 'dev') ?? {};
    expect(Object.keys(waitSeconds)).not.toEqual([]);
    const States = { ...orderFulfillment.States };
    for (const [wait, TimeoutSeconds] of Object.entries(waitSeconds))
      States[wait] = { ...(States[wait] as (typeof States)[string]), TimeoutSeconds };
    expect(Object.fromEntries(definitions)).toEqual({
      OrderFulfillment: { ...orderFulfillment, States },
      OrderContinuation: continuationOf(orderFulfillment),
    });
  });

  it.each([
    ['OrderFulfillment', STEP_NAMES],
    ['OrderContinuation', []],
  ])('%s has the steps %j', (name, steps) => {
    const { States } = Object.fromEntries(definitions)[name] as Definition;
    expect(STEP_NAMES.filter((step) => step in States)).toEqual(steps);
  });

  it('from the publication on nothing is undone: the order has shipped', () => {
    const { States } = enteredAt(orderFulfillment, 'PublishOrderConfirmed');
    expect(Object.keys(States).sort()).toEqual(['ParkConfirmation', 'PublishOrderConfirmed']);
  });

  it('are told to the functions by their aliases', () => {
    const told = devFunctions.flatMap(({ name, properties }) => {
      const { FULFILLMENT_ARN, CONTINUATION_ARN } = properties.Environment.Variables;
      return FULFILLMENT_ARN ? [[name, FULFILLMENT_ARN, CONTINUATION_ARN]] : [];
    });
    const live = (name: string) =>
      `arn:aws:states:us-east-1:000000000000:stateMachine:order-saga-dev-${name}:live`;
    const arns = ['OrderFulfillment', 'OrderContinuation'].map(live);
    const readers = [
      'PlaceOrder',
      'GetOrder',
      'GetOrderTimeline',
      'CancelOrder',
      'ResumeOrder',
      'RecoverOrder',
    ];
    expect(told.sort()).toEqual([...readers, 'ReconcileOrders'].sort().map((name) => [name, ...arns]));
  });

  it('call published functions only: none is invoked as it is just now', () => {
    const arns = machines.flatMap(({ DefinitionSubstitutions }) => Object.values(DefinitionSubstitutions));
    const functions = arns.filter((arn) => arn.startsWith('arn:aws:lambda:'));
    expect(functions.length).toBeGreaterThan(0);
    expect(functions.filter((arn) => !/:function:[\w-]+:\d+$/.test(arn))).toEqual([]);
  });
});

describe('the orders', () => {
  interface TableProperties {
    readonly GlobalSecondaryIndexes?: readonly {
      readonly IndexName: string;
      readonly KeySchema: readonly { readonly AttributeName: string; readonly KeyType: string }[];
      readonly Projection: { readonly ProjectionType: string };
    }[];
  }
  const [orders] = dev
    .ofType<TableProperties>('AWS::DynamoDB::Table')
    .filter(({ logicalId }) => logicalId.startsWith('RecordsOrders'));

  it.each([
    ['byCustomer', ['customerId', 'placedAt'], 'ALL'],
    // Written once an order.
    ['byTime', ['shard', 'placedAt'], 'KEYS_ONLY'],
    // Sparse: each holds just the orders that have its key.
    ['open', ['shard', 'lookedAt'], 'ALL'],
    ['parked', ['shard', 'parkedAt'], 'ALL'],
    ['byOutcome', ['outcomeShard', 'placedAt'], 'KEYS_ONLY'],
  ])('are found by the index %s on %j, which holds %s', (name, keys, projection) => {
    const index = orders?.properties.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === name);
    expect(index?.KeySchema).toEqual(
      keys.map((key, position) => ({ AttributeName: key, KeyType: position === 0 ? 'HASH' : 'RANGE' })),
    );
    expect(index?.Projection).toEqual({ ProjectionType: projection });
  });

  it('have no other index', () => {
    expect(orders?.properties.GlobalSecondaryIndexes).toHaveLength(5);
  });
});

describe('each table', () => {
  it.each(dev.ofType('AWS::DynamoDB::Table'))(
    '$logicalId is on demand, recoverable, and goes with its stack in dev',
    ({ properties, DeletionPolicy, UpdateReplacePolicy }) => {
      expect(properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: false,
      });
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Delete', 'Delete']);
    },
  );
});

describe('what outlives the stack', () => {
  it('is nothing in dev but versions: of functions with the function itself, of workflows those before', () => {
    const kept = dev.all.filter(({ DeletionPolicy, UpdateReplacePolicy }) =>
      [DeletionPolicy, UpdateReplacePolicy].some((policy) => policy?.startsWith('Retain')),
    );
    expect(new Set(kept.map(({ type }) => type))).toEqual(
      new Set(['AWS::Lambda::Version', 'AWS::StepFunctions::StateMachineVersion']),
    );
  });
});

describe('the APIs', () => {
  const routes = dev.ofType<{ ApiId: string; RouteKey: string; AuthorizationType?: string }>(
    'AWS::ApiGatewayV2::Route',
  );

  it('has the routes of the OpenAPI document, and no others', () => {
    const { paths } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../docs/api/openapi.json'), 'utf8'),
    );
    const documented = Object.entries<object>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes.map(({ properties }) => properties.RouteKey).sort()).toEqual(documented.sort());
  });

  it('takes so many calls a second and no more, on every route', () => {
    const stages = dev
      .ofType<{ ApiId: string; StageName: string; AutoDeploy: boolean; DefaultRouteSettings: object }>(
        'AWS::ApiGatewayV2::Stage',
      )
      .map(({ properties }) => properties);
    const limits = (ThrottlingRateLimit: number, ThrottlingBurstLimit: number) => ({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit, ThrottlingBurstLimit },
    });
    expect(stages).toMatchObject([
      { ApiId: 'ApiCustomers', ...limits(50, 100) },
      { ApiId: 'ApiOperators', ...limits(20, 40) },
    ]);
  });

  it.each(routes.map(({ properties }) => properties))('has $RouteKey at the API of its audience', (route) => {
    expect(route.ApiId).toBe(route.RouteKey.includes(' /ops/') ? 'ApiOperators' : 'ApiCustomers');
  });

  it.each(routes.map(({ properties }) => properties))(
    'of $RouteKey wants a signature of operators, a token of customers, and of providers what the function checks',
    (route) => {
      const customers = route.RouteKey.includes(' /webhooks/') ? 'NONE' : 'JWT';
      expect(route.AuthorizationType).toBe(route.ApiId === 'ApiOperators' ? 'AWS_IAM' : customers);
    },
  );
});

describe('the outputs', () => {
  it('tell where the APIs are, and the tables that an operator fills', () => {
    expect(dev.outputs).toMatchObject({
      ApiUrl: 'https://ApiCustomers',
      OperatorsApiUrl: 'https://ApiOperators',
      CatalogueTable: 'RecordsCatalogue',
      StockTable: 'InventoryStock',
    });
  });
});
