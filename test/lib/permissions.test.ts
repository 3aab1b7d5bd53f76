import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ACTIONS, isOfType, type ResourceType } from '../../local/aws/iam/actions.ts';
import { placeholdersIn } from '../statemachines/definition.ts';
import { listeners } from '../statemachines/sources.ts';
import { assemblyDirectory, dev, devFunctions } from './templates.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}
interface PolicyProperties {
  readonly Roles: readonly string[];
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

const list = (oneOrMore: string | readonly string[]): readonly string[] => [oneOrMore].flat();

const policies = dev.ofType<PolicyProperties>('AWS::IAM::Policy');
const grants = policies.flatMap(({ properties: { Roles, PolicyDocument } }) =>
  Roles.flatMap((role) =>
    PolicyDocument.Statement.flatMap(({ Effect, Action, Resource, Condition }) =>
      list(Resource).flatMap((resource) =>
        list(Action).map((action) => ({ role, effect: Effect, action, resource, condition: Condition })),
      ),
    ),
  ),
);

/** What goes on without a call of ours: tracing, and logs. */
const isObserving = ({ action }: { readonly action: string }) => /^(xray|logs):/.test(action);

/**
 * What a role may do on named resources: `{PaymentPayments: ['dynamodb:GetItem', ...]}`, with its condition where it has
 * one.
 */
const allowed = (role: string): Record<string, string[]> => {
  const byResource: Record<string, string[]> = {};
  for (const grant of grants.filter((each) => each.role === role && !isObserving(each))) {
    const resource = grant.resource
      .split(':')
      .slice(5)
      .join(':')
      .replace(/^table\//, '');
    const action = grant.condition ? `${grant.action} if ${JSON.stringify(grant.condition)}` : grant.action;
    byResource[resource] = [...new Set([...(byResource[resource] ?? []), action])].sort();
  }
  return byResource;
};

const READ_WRITE = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const MACHINES = ['OrderFulfillment', 'OrderContinuation'];
/** The same actions on something of each machine. */
const ofEach = (actions: readonly string[], resource: (machine: string) => string, machines = MACHINES) =>
  Object.fromEntries(machines.map((name) => [resource(`order-saga-dev-${name}`), actions]));
const HISTORY = ofEach(['states:GetExecutionHistory'], (machine) => `execution:${machine}:*`);
/** To start the machines in question, through their aliases only: AWS asks for the machine, and tells of the alias. */
const START = 'states:StartExecution if {"ForAnyValue:StringEquals":{"states:StateMachineQualifier":"live"}}';
const starting = (...machines: readonly string[]) =>
  ofEach([START], (machine) => `stateMachine:${machine}`, [...machines]);
/** As it is now: earlier versions are called by executions under way alone. */
const calling = (name: string) =>
  Object.fromEntries(
    ['', ':$LATEST'].map((suffix) => [`function:order-saga-dev-${name}${suffix}`, ['lambda:InvokeFunction']]),
  );
const PUBLISHING = { 'event-bus/order-saga-dev-OrderBus': ['events:PutEvents'] };

/** To leave what it has failed on. */
const leaving = (queue: string) => ({
  [queue]: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:SendMessage'],
});
/** What any listener may do: remember its deliveries, and leave what it has failed on. */
const listening = (name: string) => ({
  ListenersDeliveries: ['dynamodb:UpdateItem'],
  ...leaving(`order-saga-dev-${name}-DeadLetters`),
});

const queuesFor = (...actions: readonly string[]) =>
  Object.fromEntries(listeners.map((name) => [`order-saga-dev-${name}-DeadLetters`, actions]));

const LOOKING_AT_DEAD_LETTERS = queuesFor(
  'sqs:ChangeMessageVisibility',
  'sqs:GetQueueAttributes',
  'sqs:ReceiveMessage',
);

/** To put on record what an operator asks for. */
const ON_RECORD = { Actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'] };

/**
 * All that each function may do. A wider grant belongs here, with a reason, before it belongs in the stack. A listener
 * that may do no more than any is not here.
 */
const WAKING_THE_SAGA = { 'stateMachine:order-saga-dev-OrderFulfillment': ['states:SendTaskSuccess'] };

const ALLOWED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  ChargePayment: {
    PaymentPayments: READ_WRITE,
    PaymentSandboxCharges: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    RecordsPersonalData: ['dynamodb:GetItem'],
  },
  RefundPayment: { PaymentPayments: READ_WRITE, PaymentSandboxCharges: ['dynamodb:UpdateItem'] },
  AwaitPayment: { PaymentPayments: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], ...WAKING_THE_SAGA },
  CheckPayment: { PaymentPayments: ['dynamodb:GetItem'], ...WAKING_THE_SAGA },
  PaymentWebhook: { PaymentPayments: ['dynamodb:GetItem'], ...WAKING_THE_SAGA },
  ReserveInventory: {
    InventoryStock: ['dynamodb:UpdateItem'],
    InventoryReservations: ['dynamodb:GetItem', 'dynamodb:PutItem'],
  },
  ReleaseInventory: { InventoryStock: ['dynamodb:UpdateItem'], InventoryReservations: READ_WRITE },
  CreateShipment: {
    ShipmentShipments: READ_WRITE,
    ShipmentSandboxParcels: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    RecordsPersonalData: ['dynamodb:GetItem'],
  },
  CancelShipment: { ShipmentShipments: READ_WRITE, ShipmentSandboxParcels: ['dynamodb:UpdateItem'] },
  PlaceOrder: {
    RecordsOrders: ['dynamodb:GetItem', 'dynamodb:PutItem'],
    RecordsPersonalData: ['dynamodb:PutItem'],
    RecordsCatalogue: ['dynamodb:BatchGetItem'],
    ...starting('OrderFulfillment'),
  },
  GetOrder: { RecordsOrders: ['dynamodb:GetItem'], ...HISTORY, ...calling('CheckPayment') },
  ListOrders: { 'RecordsOrders/index/byCustomer': ['dynamodb:Query'] },
  KeepShipment: {
    ShipmentShipments: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    ShipmentSandboxParcels: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
  },
  CheckShipment: {
    ShipmentShipments: ['dynamodb:GetItem'],
    ShipmentSandboxParcels: ['dynamodb:GetItem'],
  },
  ParkOrder: { RecordsOrders: ['dynamodb:UpdateItem'], ...PUBLISHING },
  CancelOrder: {
    ...ON_RECORD,
    RecordsOrders: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    ...starting('OrderContinuation'),
    ...HISTORY,
    ...calling('CheckShipment'),
  },
  EraseOrder: {
    ...ON_RECORD,
    RecordsOrders: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    RecordsPersonalData: ['dynamodb:DeleteItem'],
  },
  ListAllOrders: {
    RecordsOrders: ['dynamodb:BatchGetItem'],
    'RecordsOrders/index/byTime': ['dynamodb:Query'],
    'RecordsOrders/index/byCustomer': ['dynamodb:Query'],
    'RecordsOrders/index/byOutcome': ['dynamodb:Query'],
    'RecordsOrders/index/open': ['dynamodb:Query'],
    'RecordsOrders/index/parked': ['dynamodb:Query'],
  },
  ReconcileNow: { ...ON_RECORD, ...calling('ReconcileOrders') },
  ListActions: { Actions: ['dynamodb:Query'] },
  ListParkedOrders: { 'RecordsOrders/index/parked': ['dynamodb:Query'] },
  ResumeOrder: {
    ...ON_RECORD,
    RecordsOrders: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    ...HISTORY,
    ...ofEach(['states:SendTaskSuccess'], (machine) => `stateMachine:${machine}`),
    ...ofEach(['states:SendTaskSuccess', START], (machine) => `stateMachine:${machine}`, [
      'OrderContinuation',
    ]),
  },
  RecoverOrder: {
    RecordsOrders: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
    ...PUBLISHING,
    ...starting('OrderContinuation'),
    ...HISTORY,
    ...leaving('order-saga-dev-RecoverOrder-DeadLetters'),
  },
  ReconcileOrders: {
    RecordsOrders: ['dynamodb:UpdateItem'],
    'RecordsOrders/index/open': ['dynamodb:Query'],
    ...PUBLISHING,
    ...starting(...MACHINES),
    ...HISTORY,
    ...calling('ReleaseInventory'),
    ...calling('CheckPayment'),
    ...leaving('order-saga-dev-ReconcileOrders-DeadLetters'),
  },
  GetOrderTimeline: {
    RecordsOrders: ['dynamodb:GetItem'],
    ListenersAuditLog: ['dynamodb:Query'],
    ListenersDeliveries: ['dynamodb:Query'],
    ...LOOKING_AT_DEAD_LETTERS,
    ...HISTORY,
  },
  NotifyCustomer: {
    ...listening('NotifyCustomer'),
    ListenersNotices: ['dynamodb:UpdateItem'],
    ListenersSandboxMailbox: ['dynamodb:UpdateItem'],
    RecordsPersonalData: ['dynamodb:GetItem'],
  },
  AssessFraud: { ...listening('AssessFraud'), ...PUBLISHING },
  LogEvent: { ...listening('LogEvent'), ListenersAuditLog: ['dynamodb:PutItem'] },
  ProjectOrder: { ...listening('ProjectOrder'), RecordsOrders: ['dynamodb:UpdateItem'] },
  FlagForReview: { ...listening('FlagForReview'), RecordsOrders: ['dynamodb:UpdateItem'] },
  ListDeliveries: {
    ListenersDeliveries: ['dynamodb:BatchGetItem'],
    'ListenersDeliveries/index/byCorrelationId': ['dynamodb:Query'],
  },
  ListDeadLetters: LOOKING_AT_DEAD_LETTERS,
  RedriveListener: {
    ...ON_RECORD,
    ...queuesFor('sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'),
    ...Object.assign({}, ...listeners.map(calling)),
  },
  StartReplay: {
    ...ON_RECORD,
    'archive/order-saga-dev-events': ['events:StartReplay'],
    'event-bus/order-saga-dev-OrderBus': ['events:StartReplay'],
    'replay/*': ['events:StartReplay'],
  },
  GetReplay: { 'replay/*': ['events:DescribeReplay'] },
};

const allowedTo = (name: string) => ALLOWED[name] ?? (listeners.includes(name) ? listening(name) : undefined);

describe('what a function may do', () => {
  it.each(devFunctions)('$name: what it needs, and no more', ({ name, properties: { Role } }) => {
    expect(allowed(Role.replace(/^.*:role\//, ''))).toEqual(allowedTo(name));
  });

  it.each(devFunctions)('$name: to write its own log, and no other', ({ properties }) => {
    const { Role, LoggingConfig } = properties;
    const logs = grants.filter(
      ({ role, action }) => role === Role.replace(/^.*:role\//, '') && action.startsWith('logs:'),
    );
    expect(logs.map(({ action }) => action)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    for (const { resource } of logs) expect(resource).toMatch(`:log-group:${LoggingConfig.LogGroup}:*`);
  });
});

it('a function brings the client of Step Functions where it may call that, and else nobody reads it at a cold start', () => {
  const brings = devFunctions.filter(({ assetPath }) =>
    readFileSync(join(assemblyDirectory, assetPath ?? '', 'index.mjs'), 'utf8').includes('AWSStepFunctions'),
  );
  const mayCall = devFunctions.filter(({ properties: { Role } }) =>
    grants.some(({ role, action }) => Role.endsWith(`/${role}`) && action.startsWith('states:')),
  );
  expect(brings.map(({ name }) => name)).toEqual(mayCall.map(({ name }) => name));
});

describe.each(listeners)('the listener %s holds no state of a workflow:', (name) => {
  it('it reads no table but that of personal data, asks no engine, and writes to its deliveries, one sink of its own, and the outside', () => {
    const {
      ListenersDeliveries: deliveries,
      RecordsPersonalData: read = [],
      ...others
    }: Readonly<Record<string, readonly string[]>> = allowedTo(name) ?? {};
    const actions = Object.values(others).flat();
    expect(deliveries).toEqual(['dynamodb:UpdateItem']);
    expect(read.filter((action) => action !== 'dynamodb:GetItem')).toEqual([]);
    expect(
      actions.filter((action) => /^(states|lambda):|:(Get(?!Queue)|BatchGet|Query|Scan)/.test(action)),
    ).toEqual([]);
    expect(
      Object.keys(others).filter((resource) => !/-DeadLetters$|Sandbox/.test(resource)).length,
    ).toBeLessThanOrEqual(1);
  });
});

describe('who may call a function', () => {
  const callers = dev.ofType<{ FunctionName: string; Principal: string; SourceArn?: string }>(
    'AWS::Lambda::Permission',
  );

  it.each(callers)('$properties.FunctionName: a rule or a route of ours, by its ARN', ({ properties }) => {
    const { Principal, SourceArn } = properties;
    expect(['events.amazonaws.com', 'apigateway.amazonaws.com']).toContain(Principal);
    expect(SourceArn).toMatch(
      Principal.startsWith('events')
        ? /:rule\/(order-saga-dev-OrderBus\/order-saga-dev-\w+|RecoveryAbnormalEnds|RecoverySchedule)$/
        : /:(ApiCustomers\/\*\/\*\/(orders|webhooks\/)|ApiOperators\/\*\/\*\/ops\/)/,
    );
  });
});

describe('what a workflow may do', () => {
  interface MachineProperties {
    readonly StateMachineName: string;
    readonly RoleArn: string;
    readonly DefinitionString: string;
  }
  const machines = dev
    .ofType<MachineProperties>('AWS::StepFunctions::StateMachine')
    .map(({ properties }) => ({
      ...properties,
      calls: placeholdersIn(JSON.parse(properties.DefinitionString))
        .filter((placeholder) => placeholder.endsWith('FunctionArn'))
        .map((placeholder) => `function:order-saga-dev-${placeholder.replace('FunctionArn', '')}`),
      may: allowed(properties.RoleArn.replace(/^.*:role\//, '')),
    }));

  // All versions of them: an execution goes on with those that it began with, under the role as it is now.
  it.each(machines)('$StateMachineName: to call its own tasks, and to publish', ({ calls, may }) => {
    expect(calls.length).toBeGreaterThan(0);
    expect(may).toEqual({
      ...PUBLISHING,
      ...Object.fromEntries(
        calls.flatMap((name) => [name, `${name}:*`]).map((name) => [name, ['lambda:InvokeFunction']]),
      ),
    });
  });
});

describe('the policies', () => {
  /** Those of `ACTIONS`: the local AWS traces and logs by itself. */
  const understood = grants.filter((grant) => !isObserving(grant));

  it('grant each action on resources that AWS holds it against: on any other it is granted for nothing', () => {
    const isOf = (resource: string, type: ResourceType) => isOfType(resource.replaceAll('*', 'any'), type);
    expect(
      understood.filter(
        ({ action, resource }) => !ACTIONS[action]?.resources.some((type) => isOf(resource, type)),
      ),
    ).toEqual([]);
  });

  it('grant an action that AWS holds against several resources on one of each kind', () => {
    for (const { role, action } of understood.filter(({ action }) => action === 'events:StartReplay')) {
      const own = understood.filter((each) => each.role === role && each.action === action);
      for (const type of ACTIONS[action]?.resources ?? [])
        expect([type, own.some(({ resource }) => isOfType(resource, type))]).toEqual([type, true]);
    }
  });

  it('put conditions on keys that their actions have: by any other they allow nothing', () => {
    const keys = understood.flatMap(({ action, condition = {} }) =>
      Object.values(condition).flatMap((block) => Object.keys(block).map((key) => [action, key] as const)),
    );
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter(([action, key]) => !ACTIONS[action]?.conditionKeys?.includes(key))).toEqual([]);
  });

  it('allow only: no Deny hides a grant that is too wide', () => {
    expect(grants.filter(({ effect }) => effect !== 'Allow')).toEqual([]);
  });

  it('name their actions', () => {
    expect(grants.filter(({ action }) => action.includes('*'))).toEqual([]);
  });

  it('name their resources, but for tracing and the delivery of the workflow’s log', () => {
    // Neither knows resources: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
    const isLogDelivery = ({ role, action }: (typeof grants)[number]) =>
      /^WorkflowsOrder(Fulfillment|Continuation)StateMachineRole/.test(role) &&
      /^logs:(\w+LogDelivery|ListLogDeliveries|PutResourcePolicy|Describe\w+)$/.test(action);
    const unnamed = grants.filter(({ resource }) => resource === '*');
    expect(unnamed.filter((grant) => !grant.action.startsWith('xray:') && !isLogDelivery(grant))).toEqual([]);
  });

  it('are all there is: no role has another', () => {
    const roles = dev.ofType<{ ManagedPolicyArns?: object; Policies?: object }>('AWS::IAM::Role');
    expect(
      roles.filter(({ properties: { ManagedPolicyArns, Policies } }) => ManagedPolicyArns || Policies),
    ).toEqual([]);
  });
});
