import { describe, expect, it } from '@jest/globals';
import { type Definition, placeholdersIn } from '../statemachines/definition.ts';
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
    definition: JSON.parse(properties.DefinitionString) as Definition,
  }));

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
    expect(properties.Timeout).toBeLessThan(30);
  });
});

describe.each(machines)('the state machine $StateMachineName', (machine) => {
  const called = Object.entries(machine.definition.States).flatMap(([state, fields]) =>
    placeholdersIn(fields)
      .map((placeholder) => machine.DefinitionSubstitutions[placeholder] ?? '')
      .filter((arn) => arn.startsWith('arn:aws:lambda:'))
      .map((arn) => ({ state, name: arn.split(':').at(-1) ?? '', patience: fields.TimeoutSeconds })),
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
      expect(shortName(name)).toBe(state);
      expect(callee?.properties.Timeout).toBeLessThan(patience ?? 0);
    },
  );
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

describe('the API', () => {
  const routes = dev.ofType<{ RouteKey: string; AuthorizationType?: string }>('AWS::ApiGatewayV2::Route');

  it('has the routes of the design', () => {
    expect(routes.map(({ properties }) => properties.RouteKey)).toEqual(
      expect.arrayContaining([
        'POST /orders',
        'GET /orders',
        'GET /orders/{orderId}',
        'GET /orders/{orderId}/timeline',
      ]),
    );
  });

  it.each(routes.map(({ properties }) => properties))('lets none but signed calls to $RouteKey', (route) => {
    expect(route.AuthorizationType).toBe('AWS_IAM');
  });
});

describe('the outputs', () => {
  it('tell where the API is, and the tables that an operator fills', () => {
    expect(dev.outputs).toMatchObject({
      ApiUrl: expect.stringMatching(/^http/),
      CatalogueTable: 'RecordsCatalogue',
      StockTable: 'InventoryStock',
    });
  });
});
