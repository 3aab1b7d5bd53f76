import { randomUUID } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Audience } from '../api/audience.ts';
import type { NewProduct } from '../catalogue/product.ts';
import type { Assembly } from './assembly.ts';
import { apiGateway } from './aws/api-gateway/api-gateway.ts';
import { awsEndpoint, type Doubles, type Service } from './aws/aws-endpoint.ts';
import { cloudFormation as cloudFormationOf } from './aws/cloudformation.ts';
import { userPools } from './aws/cognito/user-pools.ts';
import { accessesOf, dynamodb } from './aws/dynamodb/dynamodb.ts';
import { strictDynamodb } from './aws/dynamodb/strict-dynamodb.ts';
import { eventBus } from './aws/events/event-bus.ts';
import { queues as queuesOf } from './aws/events/queues.ts';
import { stateMachineOf } from './aws/iam/actions.ts';
import { permissions as permissionsOf } from './aws/iam/permissions.ts';
import type { Context } from './aws/iam/policy-condition.ts';
import { checkResourcePolicies } from './aws/iam/resource-policies.ts';
import { concurrency as concurrencyOf } from './aws/lambda/concurrency.ts';
import { deliveries as deliveriesOf } from './aws/lambda/deliveries.ts';
import { checkEnvironments } from './aws/lambda/environment-limit.ts';
import { checkFailureDestinations } from './aws/lambda/failure-destinations.ts';
import { functions as functionsOf } from './aws/lambda/functions.ts';
import { lambdaApi } from './aws/lambda/lambda-api.ts';
import { secretsManager } from './aws/secrets-manager.ts';
import { accountIn, ses as sesOf } from './aws/ses.ts';
import type { Engine } from './aws/step-functions/engine.ts';
import { handOver } from './aws/step-functions/hand-over.ts';
import { otherEngine } from './aws/step-functions/other-engine.ts';
import { statusChanges as statusChangesOf } from './aws/step-functions/status-changes.ts';
import { stepFunctions } from './aws/step-functions/step-functions.ts';
import { taskRunner } from './aws/step-functions/task.ts';
import { taskTokens } from './aws/step-functions/task-tokens.ts';
import { easypostDouble } from './easypost/easypost.ts';
import { calls as callsOf } from './faults/calls.ts';
import { deliveryFaultPlan } from './faults/delivery-faults.ts';
import { type Fault, faultPlan } from './faults/faults.ts';
import { gates } from './faults/gates.ts';
import { chance as chanceOf, type Strictness } from './faults/strictness.ts';
import { type Happening, trace } from './faults/trace.ts';
import { serveHttp } from './http.ts';
import { journal as journalOf } from './journal.ts';
import { isBehind, STRIPE_WEBHOOK_SECRET, secretsIn } from './local-adapters.ts';
import { seed } from './seed.ts';
import { stripeDouble } from './stripe/stripe.ts';
import { STRIPE_HOST } from './stripe/stripe-error.ts';
import { ACCOUNT, REGION, type Resource, resolveTemplate } from './template.ts';

const EMULATED = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Cognito::UserPool',
  'AWS::Cognito::UserPoolClient',
  'AWS::DynamoDB::Table',
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::StepFunctions::StateMachine',
  'AWS::StepFunctions::StateMachineAlias',
  'AWS::StepFunctions::StateMachineVersion',
]);

/** The environments of all functions. */
const environmentsIn = (resources: readonly Resource[]) =>
  resources.map(
    ({ properties }) =>
      (properties.Environment as { Variables?: Readonly<Record<string, string>> } | undefined)?.Variables ??
      {},
  );

/** Resources known to make no difference to what an order does. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': '',
  'AWS::CloudWatch::Alarm': 'alarms',
  'AWS::CloudWatch::Dashboard': 'the dashboard',
  'AWS::EventSchemas::Registry': 'the schema registry',
  'AWS::EventSchemas::Schema': 'the schema registry',
  'AWS::Logs::LogGroup': 'log retention',
  'AWS::Logs::QueryDefinition': 'saved queries',
  'AWS::SNS::Topic': 'alarms',
  'AWS::SNS::TopicPolicy': 'alarms',
};

/** @throws Error naming the resource that cannot be run here */
const notEmulatedOf = (resources: readonly Resource[]): string[] => {
  for (const { logicalId, type } of resources) {
    if (!EMULATED.has(type) && LEFT_OUT[type] === undefined)
      throw new Error(`${logicalId}: ${type} is not emulated locally`);
  }
  const said = resources.flatMap(({ type }) => LEFT_OUT[type] || []);
  const always = ['access log', 'reserved instances', 'throttling of the API', 'time to live', 'tracing'];
  return [...new Set(said), ...always].sort();
};

const createTables = async (database: ReturnType<typeof dynamodb>, tables: readonly Resource[]) => {
  for (const { properties, ref } of tables) {
    const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } = properties;
    await database
      .call('CreateTable', {
        TableName: ref,
        AttributeDefinitions,
        KeySchema,
        BillingMode,
        ...(GlobalSecondaryIndexes ? { GlobalSecondaryIndexes } : {}),
      })
      .catch((error: Error) => {
        if (error.name !== 'ResourceInUseException') throw error;
      });
  }
};

export interface LocalStackProps {
  readonly assembly: Assembly;
  /** What to put on sale at the start. */
  readonly products: readonly NewProduct[];
  /** The directory in which everything survives a restart; in memory without. */
  readonly dataDirectory?: string;
  /** What every retry delay and wait is multiplied by; 1 is as on AWS. */
  readonly timeScale?: number;
  /** The address of another engine that runs the workflows; they run in this process without. */
  readonly stepFunctionsEndpoint?: string;
  /** The port of the local AWS, for SDKs and the other engine; any free one without. */
  readonly awsPort?: number;
  /** Whether the APIs refuse calls without `Authorization`, as on AWS. Else these are of `local-customer`, or `local-operator`. */
  readonly auth?: boolean;
  /** What AWS may do at any moment; nothing of that without. */
  readonly strictness?: Strictness;
  /** A line that a function logged. */
  readonly onLog?: (line: string) => void;
  /** An observer of everything that happens. */
  readonly onHappening?: (happening: Happening) => void;
}

type Item = Record<string, AttributeValue>;
interface Page {
  readonly Items?: readonly Item[];
  readonly LastEvaluatedKey?: Item;
}

/** The counters of what the local AWS was asked for so far. */
export interface Counts {
  readonly invocations: Readonly<Record<string, number>>;
  /** By action. A transaction counts each of its items. */
  readonly tableAccesses: Readonly<Record<string, number>>;
  /** Calls of Step Functions by action, including those of operators and of the endpoint's clients. */
  readonly engineCalls: Readonly<Record<string, number>>;
  readonly transitions: number;
  readonly events: number;
}

/**
 * The synthesized stack, running in this process.
 * @throws Error naming whatever in the template cannot be run locally
 */
export const startStack = async ({
  assembly,
  products,
  dataDirectory,
  timeScale = 1,
  stepFunctionsEndpoint,
  awsPort = 0,
  strictness,
  auth = false,
  onLog = () => {},
  onHappening,
}: LocalStackProps) => {
  const { resources, outputs } = resolveTemplate(assembly.template);
  const notEmulated = notEmulatedOf(resources);
  checkEnvironments(resources);
  checkResourcePolicies(resources);
  const permissions = permissionsOf(resources);
  const handedOver = stepFunctionsEndpoint
    ? await handOver(stepFunctionsEndpoint, resources, timeScale)
    : undefined;
  const database = dynamodb(dataDirectory);
  const tables = resources.filter(({ type }) => type === 'AWS::DynamoDB::Table');
  await createTables(database, tables);
  await seed(
    database,
    { catalogue: String(outputs.CatalogueTable), stock: String(outputs.StockTable) },
    products,
  );

  const chance = chanceOf(strictness);
  const strictDatabase = strictDynamodb(database, chance);

  const invocations: Record<string, number> = {};
  const tableAccesses: Record<string, number> = {};
  const engineCalls: Record<string, number> = {};

  /**
   * A function's role, by the access key its thread was given. Any other caller is the operator, who may do anything.
   */
  const roles = new Map(
    resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map(({ properties }) => [
        String(properties.FunctionName),
        String(properties.Role).split('/').at(-1) ?? '',
      ]),
  );
  checkFailureDestinations(resources, permissions, (name) => roles.get(name));
  const authorize = (caller: string, action: string, resource: string, context?: Context) => {
    const role = roles.get(caller);
    if (role !== undefined) permissions.check(role, action, resource, context);
  };

  const services: Record<string, Service> = {
    DynamoDB_20120810: (operation, request, caller) => {
      for (const { action, table, index } of accessesOf(operation, request)) {
        // Only those of functions: looking on from outside changes no count.
        if (roles.has(caller)) tableAccesses[action] = (tableAccesses[action] ?? 0) + 1;
        const arn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}`;
        authorize(caller, `dynamodb:${action}`, index ? `${arn}/index/${index}` : arn);
      }
      return strictDatabase.call(operation, request, roles.has(caller));
    },
    AWSStepFunctions: (operation, request, caller) => {
      const action = `states:${operation}`;
      const { executionArn, stateMachineArn, taskToken } = request as Readonly<Record<string, string>>;
      if (executionArn) authorize(caller, action, executionArn);
      if (stateMachineArn) {
        const { machineArn, context } = stateMachineOf(stateMachineArn);
        authorize(caller, action, machineArn, context);
      }
      // A token that is no longer valid is nobody's: the engine refuses it.
      const waiting = taskToken && engine.machineOf(taskToken);
      if (waiting) authorize(caller, action, waiting);
      engineCalls[operation] = (engineCalls[operation] ?? 0) + 1;
      return engine.call(operation, request);
    },
    AWSEvents: async (operation, request, caller) =>
      (operation === 'PutEvents' && !roles.has(caller) && (await elsewhere?.putEvents(request))) ||
      bus.call(operation, request, (resource) => authorize(caller, `events:${operation}`, resource)),
    secretsmanager: async (operation, request, caller) => {
      authorize(caller, `secretsmanager:${operation}`, String(request.SecretId));
      return secrets(operation, request);
    },
    AWSCognitoIdentityProviderService: userPools(resources, authorize),
    AmazonSQS: async (operation, request, caller) =>
      queues.call(operation, request, (action, queueArn) => authorize(caller, action, queueArn)),
  };
  const environments = environmentsIn(resources);
  const stripe = isBehind(environments, 'paymentProvider', 'stripe')
    ? stripeDouble({ timeScale })
    : undefined;
  const easypost = isBehind(environments, 'carrier', 'easypost') ? easypostDouble() : undefined;
  const doubles: Doubles = {
    ...(stripe && { [STRIPE_HOST]: stripe.handle }),
    ...(easypost && { 'api.easypost.com': easypost.handle }),
  };
  const secrets = secretsManager(secretsIn(environments));
  const gate = gates();
  const faults = faultPlan();
  const deliveryFaults = deliveryFaultPlan();
  const traced = trace(onHappening);
  const calls = traced.through(
    callsOf({ gates: gate, fail: (requestId, error) => functions.fail(requestId, error) }),
  );
  const concurrency = concurrencyOf();
  const lambda = lambdaApi({
    functions: () => counted,
    concurrency,
    authorize,
    invoke: (functionArn, event, caller) =>
      (roles.has(caller) ? undefined : elsewhere?.invoke(functionArn, event)) ??
      counted.invoke(functionArn, event),
    invokeAsync: (functionArn, event) => deliveries.invoke(functionArn, event),
  });
  /** Where the APIs are served. */
  const served: Record<string, string> = {};
  const cloudFormation = cloudFormationOf({
    stackName: assembly.stackName,
    outputs: () => ({ ...outputs, ...served }),
    authorize,
  });
  const ses = sesOf({ ...accountIn(resources), authorize });
  const serve = awsEndpoint({ services, lambda, ses, cloudFormation, doubles, gates: gate, calls });
  const aws = await serveHttp(awsPort, serve, '--aws-port');

  const functions = functionsOf({
    resources,
    assemblyDirectory: assembly.directory,
    awsEndpoint: aws.url,
    doubles: Object.fromEntries(Object.keys(doubles).map((host) => [host, aws.url])),
    serve,
    onLog,
    onKilled: (requestId) => gate.hold(requestId, 0, new Promise(() => {})),
    onEnded: calls.ended,
    chance,
  });
  const counted: typeof functions = {
    ...functions,
    invoke: (functionArn, event, requestId = randomUUID(), aheadMs) => {
      concurrency.check(functionArn);
      const name = functionArn.split(':')[6] ?? '';
      invocations[name] = (invocations[name] ?? 0) + 1;
      calls.began(requestId, name, event);
      const invoked = functions.invoke(functionArn, event, requestId, aheadMs);
      return invoked.then((result) => {
        traced.ended(requestId, result.error?.errorType);
        return result;
      });
    },
  };
  const journal = journalOf(dataDirectory);
  const queues = queuesOf(resources, journal);
  const deliveries = deliveriesOf({
    resources,
    functions: counted,
    concurrency,
    queues,
    faults: deliveryFaults,
    chance,
    journal,
    timeScale,
  });
  const bus = eventBus({ resources, deliveries, journal, timeScale });
  const tokens = taskTokens(journal);
  const tasks = taskRunner({ functions: counted, bus, permissions, faults, gates: gate, tokens });
  const statusChanges = statusChangesOf(bus);
  const planned = {
    pending: faults.pending,
    bind: (orderId: string) => {
      faults.bind(orderId);
      deliveryFaults.bind(orderId);
    },
  };
  const elsewhere = handedOver && otherEngine({ handedOver, tasks, statusChanges, faults: planned });
  const engine: Engine =
    elsewhere ??
    stepFunctions({
      resources,
      tasks,
      tokens,
      statusChanges,
      faults: planned,
      chance,
      journal,
      timeScale,
      onLogged: traced.logged,
    });
  /** The API that an output tells the address of. */
  const apiAt = (output: string) => {
    const apiId = String(outputs[output]).replace('https://', '');
    return {
      ...apiGateway({ resources, apiId, functions: counted, auth }),
      /** Where it can be called from now on, as the output says. */
      isServedAt: (url: string): void => {
        served[output] = url;
      },
    };
  };
  const apis: Readonly<Record<Audience, ReturnType<typeof apiAt>>> = {
    customers: apiAt('ApiUrl'),
    operators: apiAt('OperatorsApiUrl'),
  };
  stripe?.addWebhookEndpoint({
    secrets: [STRIPE_WEBHOOK_SECRET],
    send: async (headers, body) => {
      const { status } = await apis.customers.handle({
        method: 'POST',
        url: new URL('http://127.0.0.1/webhooks/payment'),
        headers,
        body: Buffer.from(body),
      });
      return status >= 200 && status < 300;
    },
  });
  deliveries.resume();
  await engine.resume();

  return {
    /** What stands in for Stripe, where that is the payment provider. */
    stripe,
    /** What stands in for EasyPost, where that is the carrier. */
    easypost,
    /** What stands in for a live provider keeps books, too: as the sandbox does in its table. */
    books: { charges: stripe?.charges, parcels: easypost?.parcels },
    /** The mails that SES has accepted. */
    ses,
    /** Where SDK clients find the local AWS. */
    awsEndpoint: aws.url,
    apis,
    notEmulated,
    warm: functions.warm,
    /** Invokes a function by its name, as an operator would. */
    invoke: (name: string, event: unknown) => counted.invoke(functions.arnOf(name), event),
    /** Starts the rules that have a schedule: they fire now, and whenever it is time. */
    startSchedules: bus.startSchedules,
    /** One call of an AWS service, as an operator makes it: `call('AWSStepFunctions', 'StopExecution', {executionArn})`. */
    call: (service: string, operation: string, request: Record<string, unknown>): Promise<object> => {
      const serve = services[service];
      if (!serve) throw new Error(`${service} is not emulated locally`);
      return serve(operation, request, 'operator');
    },
    /** The names of all tables. */
    tables: tables.map(({ ref }) => ref),
    /** Every item of a table, as DynamoDB writes it, read a megabyte at a time. */
    scan: async (table: string) => {
      const items: Item[] = [];
      let from: Item | undefined;
      do {
        const page: Page = await database.call('Scan', { TableName: table, ExclusiveStartKey: from });
        items.push(...(page.Items ?? []));
        from = page.LastEvaluatedKey;
      } while (from);
      return items;
    },
    published: bus.published,
    /** Events that could not be delivered: the messages of the template's queues. */
    deadLetters: queues.bodies,
    faults,
    deliveryFaults,
    /** The calls that functions make about orders, and the faults of single ones. */
    calls,
    /** An order's executions, and what they wait for. */
    executionsOf: engine.executionsOf,
    /** The listeners to the stack's events, as operators call them. */
    listeners: bus.listeners,
    listenersOf: bus.listenersOf,
    /** Sets whether Step Functions' status-change events get lost, as they may under best effort. */
    loseStatusChanges: statusChanges.lose,
    /** The names of all states. */
    states: engine.states,
    /** The other engine that runs the workflows, if one does. */
    handedOver,
    /** @throws Error naming the fault's field that the engine cannot be given */
    checkFault: (fault: Fault): void => elsewhere?.checkFault(fault),
    machines: engine.machines,
    timeScale,
    /**
     * How much goes on by itself: workflows, deliveries, handlers that outlived their task, indexes that catch up, and
     * what a double has still to do.
     * @param orderId for this order alone
     */
    underWay: (orderId?: string): number =>
      engine.running(orderId) +
      deliveries.underWay(orderId) +
      tasks.late(orderId) +
      calls.late(orderId) +
      (stripe?.underWay(orderId) ?? 0) +
      Number(strictDatabase.isBehind(orderId)),
    counts: (): Counts => ({
      invocations,
      tableAccesses,
      engineCalls,
      transitions: engine.transitions(),
      events: bus.published().length,
    }),
    close: async () => {
      stripe?.close();
      journal.close();
      statusChanges.lose(true);
      engine.close();
      bus.close();
      deliveries.close();
      await functions.close();
      await aws.close();
      await strictDatabase.close();
      await database.close();
    },
  };
};
export type LocalStack = Awaited<ReturnType<typeof startStack>>;
