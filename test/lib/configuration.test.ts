import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { adapterNames, PORTS } from '../../configuration/adapters.ts';
import { FRAUD_THRESHOLDS } from '../../configuration/fraud-thresholds.ts';
import { ADAPTER_KEYS } from '../../lib/adapters.ts';
import { CALLER_KEYS } from '../../lib/callers.ts';
import { configurationFrom, STAGES } from '../../lib/stage.ts';
import { contextOf } from '../../local/local-adapters.ts';
import { orderFulfillment, placeholdersIn } from '../statemachines/definition.ts';
import { listeners } from '../statemachines/sources.ts';
import { type FunctionProperties, parseTemplate, root } from './templates.ts';

/** What the workflow calls. */
const tasks = placeholdersIn(orderFulfillment).flatMap(
  (placeholder) => /^(\w+)FunctionArn$/.exec(placeholder)?.[1] ?? [],
);

/** What rules call: our side effects, and what goes on with orders that were left behind. */
const reactions = [...listeners, 'RecoverOrder'];

const outdir = mkdtempSync(join(tmpdir(), 'order-saga-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const cdkJson = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));

/** Runs the CDK app as the CDK's command does. */
const synthesize = (context: Readonly<Record<string, unknown>>) =>
  spawnSync(process.execPath, [join(root, 'bin/order-saga.ts')], {
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR: outdir,
      // The rules take two seconds, and say nothing of what is looked at here.
      CDK_CONTEXT_JSON: JSON.stringify({
        ...cdkJson.context,
        ...context,
        '@aws-cdk/core:validateAgainstDefaultRules': false,
      }),
    },
  });

const configure = (context: Readonly<Record<string, unknown>>) => configurationFrom(context);

describe('a configuration', () => {
  it('is dev with sandboxes where nothing is asked for', () => {
    expect(configure({})).toEqual({
      stage: STAGES[0],
      callers: { customers: 'user-pool', operators: 'iam', corsOrigins: [] },
      adapters: Object.fromEntries(
        PORTS.map((port) => [port, { name: 'sandbox', secrets: {}, webhookSecrets: {}, settings: {} }]),
      ),
      fraudThresholds: FRAUD_THRESHOLDS,
    });
  });

  it('is refused with every bad key named at once, in one line and without a stack trace', () => {
    const pigeons = Object.fromEntries(PORTS.map((port) => [port, 'pigeon']));
    const { status, stdout, stderr } = synthesize({ stage: 'qa', ...pigeons });
    expect(status).toBe(1);
    expect(stdout).toBe('');
    const named = PORTS.map((port) => `; ${port}: "pigeon" [^;]*`).join('');
    expect(stderr).toMatch(new RegExp(`^bad configuration: stage: "qa" [^;]*${named}\\n$`));
  });

  it.each([
    [{ Stage: 'prod' }, 'Stage: is not a known key; is stage meant?'],
    [{ stgae: 'prod' }, 'stgae: is not a known key; is stage meant?'],
    [{ alarmMail: 'a@example.com' }, 'alarmMail: is not a known key; is alarmEmail meant?'],
    [
      { region: 'eu-central-1' },
      `region: is not a known key; there are stage, deployment, ${ADAPTER_KEYS.join(', ')}, ${CALLER_KEYS.join(', ')}, alarmEmail, fraudThresholds`,
    ],
  ])('is refused for a key that is none: %j', (context, message) => {
    expect(() => configure(context)).toThrow(`bad configuration: ${message}`);
  });

  it('minds nothing that the CDK puts beside ours', () => {
    const ofTheCdk = {
      ...cdkJson.context,
      'aws:cdk:enable-path-metadata': true,
      'aws-cdk:enableDiffNoFail': true,
      'availability-zones:account=000000000000:region=us-east-1': ['us-east-1a'],
      'acknowledged-issue-numbers': [19836],
      'cli-telemetry': false,
    };
    expect(configure(ofTheCdk)).toEqual(configure({}));
  });

  it('has every feature flag that the CDK recommends: the next version’s show here', () => {
    const file = join(root, 'node_modules/aws-cdk-lib/recommended-feature-flags.json');
    expect(cdkJson.context).toMatchObject(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('says who gets a mail of each alarm, and is refused where that is no address', () => {
    expect(configure({ alarmEmail: 'operators@example.com' })).toMatchObject({
      alarmEmail: 'operators@example.com',
    });
    expect(() => configure({ alarmEmail: 'operators' })).toThrow(
      'bad configuration: alarmEmail: "operators" is not an e-mail address',
    );
  });

  it('deploys the saga all at once where that is asked for, as in dev', () => {
    const { canary, ...staging } = configure({ stage: 'staging' }).stage;
    expect(canary).toBeDefined();
    expect(configure({ stage: 'staging', deployment: 'all-at-once' }).stage).toEqual(staging);
    expect(configure({ stage: 'dev', deployment: 'all-at-once' }).stage).toEqual(configure({}).stage);
    expect(() => configure({ deployment: 'at-once' })).toThrow(
      'bad configuration: deployment: "at-once" is not one of all-at-once',
    );
  });

  it.each([
    ['as the command line has it', '{"SEK": {"total": 11000, "piece": 2200}}'],
    ['as cdk.json has it', { SEK: { total: 11_000, piece: 2_200 } }],
  ])('says what is much in a currency, %s, beside those that are known', (_, fraudThresholds) => {
    expect(configure({ fraudThresholds }).fraudThresholds).toEqual({
      ...FRAUD_THRESHOLDS,
      SEK: { total: 11_000, piece: 2_200 },
    });
  });

  it('is refused where that is no amount of a currency, and names each', () => {
    const fraudThresholds = {
      euro: { total: 1, piece: 1 },
      JPY: { total: 1000.5, piece: 200 },
      KWD: { total: 330.005, piece: 66 },
      USD: { total: -1 },
    };
    expect(() => configure({ fraudThresholds })).toThrow(
      /^bad configuration: fraudThresholds\.USD\.total: .*; fraudThresholds\.USD\.piece: .*; fraudThresholds\.euro: is not the code of a currency/,
    );
    expect(() =>
      configure({ fraudThresholds: { JPY: fraudThresholds.JPY, KWD: fraudThresholds.KWD } }),
    ).toThrow(
      /^bad configuration: fraudThresholds\.JPY\.total: 1000\.5 JPY is no whole number of minor units$/,
    );
    expect(() => configure({ fraudThresholds: 'a lot' })).toThrow(
      'bad configuration: fraudThresholds: "a lot" is no object of currencies',
    );
  });

  it('is refused for prod as long as sandboxes stand behind the ports, each named', () => {
    const refused = PORTS.map((port) => `${port}: the sandbox adapter is refused in stage prod`);
    expect(() => configure({ stage: 'prod' })).toThrow(`bad configuration: ${refused.join('; ')}`);
  });
});

it('synthesizes for prod with a live adapter behind each port', () => {
  const adapters = contextOf({ paymentProvider: 'stripe', carrier: 'easypost', mailer: 'ses' });
  const { status, stderr } = synthesize({ stage: 'prod', customers: 'backend', ...adapters });
  expect([status, stderr]).toEqual([0, '']);
  const { template } = parseTemplate(join(outdir, 'order-saga-prod.template.json'));
  expect(Object.keys(template.Resources).filter((id) => id.includes('Sandbox'))).toEqual([]);
});

describe('a configuration with EasyPost', () => {
  const easypost = {
    carrier: 'easypost',
    easypostSecret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/easypost-AbCdEf',
    easypostSender: '{"company":"Shop","street1":"Lager 1","city":"Bremen","zip":"28195","country":"DE"}',
    easypostPiece: { grams: 400, length: 12, width: 12, height: 10 },
    easypostServices: 'USPS GroundAdvantage, UPSDAP Ground',
  };

  it('names its secret, and hands on what it is told as text, whether the command line or cdk.json has it', () => {
    const { carrier, easypostSecret, easypostPiece, ...texts } = easypost;
    expect(configure(easypost).adapters.carrier).toEqual({
      name: carrier,
      secrets: { easypostSecret },
      webhookSecrets: {},
      settings: { ...texts, easypostPiece: JSON.stringify(easypostPiece) },
    });
  });

  it.each([
    [
      { carrier: 'easypost' },
      'easypostSender: is missing beside carrier=easypost; easypostPiece: is missing beside carrier=easypost; easypostServices: is missing beside carrier=easypost; easypostSecret: "" is not the ARN of a secret',
    ],
    [{ ...easypost, easypostSender: 'Bremen' }, 'easypostSender: is not JSON'],
    [
      { ...easypost, easypostSender: easypost.easypostSender.replace('DE', 'Germany') },
      'easypostSender.country: is not the code of a country',
    ],
    [{ ...easypost, easypostPiece: { ...easypost.easypostPiece, grams: 0 } }, 'easypostPiece.grams: '],
    [
      { ...easypost, easypostServices: 'USPS' },
      'easypostServices.0: each is a carrier and a service of it, as in "USPS GroundAdvantage"',
    ],
    [{ easypostPiece: '{}' }, 'easypostPiece: is for -c carrier=easypost'],
  ])('is refused where it is %j', (context, message) => {
    expect(() => configure(context)).toThrow(`bad configuration: ${message}`);
  });
});

describe('a configuration with Stripe', () => {
  const secret = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/stripe-AbCdEf';

  const secrets = { stripeSecret: secret, stripeWebhookSecret: secret.replace('stripe', 'webhooks') };

  it('names the secrets that hold its key, and what signs its webhooks', () => {
    expect(configure({ paymentProvider: 'stripe', ...secrets }).adapters).toMatchObject({
      paymentProvider: {
        name: 'stripe',
        secrets: { stripeSecret: secrets.stripeSecret },
        webhookSecrets: { stripeWebhookSecret: secrets.stripeWebhookSecret },
        settings: {},
      },
      carrier: { name: 'sandbox' },
    });
  });

  it('takes debits where it is asked to', () => {
    const stripePaymentMethods = 'card, sepa_debit,card';
    const { paymentProvider } = configure({
      paymentProvider: 'stripe',
      ...secrets,
      stripePaymentMethods,
    }).adapters;
    expect(paymentProvider.settings).toEqual({ stripePaymentMethods });
  });

  it.each([
    [
      { paymentProvider: 'stripe' },
      'stripeSecret: "" is not the ARN of a secret; stripeWebhookSecret: "" is not the ARN of a secret',
    ],
    [
      { paymentProvider: 'stripe', ...secrets, stripeSecret: 'sk_live_secret' },
      'stripeSecret: "sk_live_secret" is not the ARN of a secret',
    ],
    [
      { paymentProvider: 'stripe', ...secrets, stripeSecret: secret.replace('-AbCdEf', '') },
      'stripeSecret: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/stripe" is not the ARN of a secret',
    ],
    [
      secrets,
      'stripeSecret: is for -c paymentProvider=stripe; stripeWebhookSecret: is for -c paymentProvider=stripe',
    ],
    [
      { paymentProvider: 'stripe', ...secrets, stripePaymentMethods: 'card,cheque' },
      'stripePaymentMethods.1: each must be one of card, sepa_debit, us_bank_account',
    ],
    [
      { paymentProvider: 'strpe' },
      `paymentProvider: "strpe" is not one of ${adapterNames('paymentProvider').join(', ')}`,
    ],
  ])('is refused where it is %j', (context, message) => {
    expect(() => configure(context)).toThrow(`bad configuration: ${message}`);
  });

  it('is welcome in prod: only the ports that it does not stand behind are refused', () => {
    const others = PORTS.filter((port) => port !== 'paymentProvider').map((port) => `${port}: [^;]*`);
    const context = { stage: 'prod', customers: 'backend', paymentProvider: 'stripe', ...secrets };
    expect(() => configure(context)).toThrow(new RegExp(`^bad configuration: ${others.join('; ')}$`));
  });
});

describe('who may call', () => {
  const issuer = 'https://id.example.com/shop';

  it('is told by issuers, each with its audiences, and by origins', () => {
    const { callers } = configure({
      customerIssuer: issuer,
      customerAudience: 'shop, app',
      operatorIssuer: 'https://staff.example.com',
      operatorAudience: 'console',
      operatorGroup: 'operators',
      corsOrigins: 'https://shop.example.com,http://localhost:5173',
    });
    expect(callers).toEqual({
      customers: { issuer, audience: ['shop', 'app'] },
      operators: { issuer: 'https://staff.example.com', audience: ['console'], group: 'operators' },
      corsOrigins: ['https://shop.example.com', 'http://localhost:5173'],
    });
  });

  it("is left to the shop's backend where that is asked for", () => {
    expect(configure({ customers: 'backend' }).callers.customers).toBe('backend');
  });

  it.each([
    [{ customers: 'anybody' }, 'customers: "anybody" is not one of user-pool, backend'],
    [{ customerIssuer: issuer }, 'customerAudience: is missing beside customerIssuer'],
    [
      { customers: 'backend', customerIssuer: issuer, customerAudience: 'shop' },
      'customers: "backend" and customerIssuer are one too many',
    ],
    [
      { customerIssuer: 'http://id.example.com', customerAudience: 'shop' },
      'customerIssuer: "http://id.example.com" is not the https address of an issuer',
    ],
    [
      { operatorGroup: 'two words' },
      'operatorGroup: "two words" is not the plain name of a group; operatorIssuer: is missing beside operatorGroup; operatorAudience: is missing beside operatorGroup',
    ],
    [{ corsOrigins: '*' }, 'corsOrigins: "*" is not an origin'],
    [{ corsOrigins: 'https://a.example/' }, 'corsOrigins: "https://a.example/" is not an origin'],
    [
      { stage: 'staging', corsOrigins: 'http://a.example' },
      'corsOrigins: "http://a.example" is not an origin',
    ],
  ])('is refused: %j', (context, message) => {
    expect(() => configure(context)).toThrow(`bad configuration: ${message}`);
  });

  it('is not left open in prod, which makes no pool of its own', () => {
    const refusal = 'customerIssuer: the user pool that the stack makes is refused in stage prod';
    expect(() => configure({ stage: 'prod' })).toThrow(refusal);
    for (const given of [{ customers: 'backend' }, { customerIssuer: issuer, customerAudience: 'shop' }])
      expect(() => configure({ stage: 'prod', ...given })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(refusal) }),
      );
  });
});

describe('the stack of stage staging', () => {
  let staging: ReturnType<typeof parseTemplate>;
  beforeAll(() => {
    const { status, stderr } = synthesize({ stage: 'staging', alarmEmail: 'operators@example.com' });
    expect([status, stderr]).toEqual([0, '']);
    staging = parseTemplate(join(outdir, 'order-saga-staging.template.json'));
  }, 30_000);

  it('keeps every table, whoever deletes it', () => {
    const tables = staging.ofType<object>('AWS::DynamoDB::Table');
    expect(tables.length).toBeGreaterThan(0);
    for (const { properties } of tables) {
      expect(properties).toMatchObject({
        DeletionProtectionEnabled: true,
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    }
  });

  it('keeps every log, for thirty days', () => {
    const logs = staging.ofType<object>('AWS::Logs::LogGroup');
    expect(logs.length).toBeGreaterThan(0);
    for (const { properties } of logs) expect(properties).toMatchObject({ RetentionInDays: 30 });
  });

  it('leaves nothing behind where its first deployment fails: what would be kept is not, by then', () => {
    const kept = new Map<string, Set<string>>();
    for (const { type, DeletionPolicy, UpdateReplacePolicy } of staging.all) {
      const policies = [DeletionPolicy, UpdateReplacePolicy].map((policy) => policy ?? 'Delete').join(', ');
      if (policies !== 'Delete, Delete') kept.set(type, (kept.get(type) ?? new Set()).add(policies));
    }
    expect(Object.fromEntries([...kept].map(([type, policies]) => [type, [...policies]]))).toEqual({
      'AWS::Cognito::UserPool': ['RetainExceptOnCreate, Retain'],
      'AWS::DynamoDB::Table': ['RetainExceptOnCreate, Retain'],
      'AWS::Logs::LogGroup': ['RetainExceptOnCreate, Retain'],
      // Kept for executions under way, also of a deployment that is rolled back; it goes with its function.
      'AWS::Lambda::Version': ['Retain, Retain'],
      'AWS::StepFunctions::StateMachineVersion': ['Delete, Retain'],
    });
  });

  it('sends a mail of each alarm to the operators', () => {
    const subscriptions = staging.ofType('AWS::SNS::Subscription').map(({ properties }) => properties);
    expect(subscriptions).toEqual([
      {
        Protocol: 'email',
        Endpoint: 'operators@example.com',
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:order-saga-staging-Operators',
      },
    ]);
  });

  it('lets a tenth of the orders into a new saga at first; what goes on with an order is new at once', () => {
    const machine = 'arn:aws:states:us-east-1:000000000000:stateMachine:order-saga-staging';
    const shifts = staging
      .ofType<{ DeploymentPreference: object }>('AWS::StepFunctions::StateMachineAlias')
      .map(({ arn, properties }) => [arn, properties.DeploymentPreference]);
    expect(Object.fromEntries(shifts)).toEqual({
      [`${machine}-OrderFulfillment:live`]: {
        StateMachineVersionArn: `${machine}-OrderFulfillment:1`,
        Type: 'CANARY',
        Percentage: 10,
        Interval: 15,
        Alarms: ['order-saga-staging-AbnormalEnds', 'order-saga-staging-TechnicalCancellations'],
      },
      [`${machine}-OrderContinuation:live`]: {
        StateMachineVersionArn: `${machine}-OrderContinuation:1`,
        Type: 'ALL_AT_ONCE',
      },
    });
  });

  it('cannot be deleted by mistake', () => {
    const { artifacts } = JSON.parse(readFileSync(join(outdir, 'manifest.json'), 'utf8'));
    expect(artifacts['order-saga-staging'].properties.terminationProtection).toBe(true);
  });

  it.each([
    ['reaction', 5, reactions],
    // One pass at a time has the whole of its share of the engine's quota.
    ['pass', 1, ['ReconcileOrders']],
    ['task', 10, tasks],
  ])(
    'gives each %s %i instances of its own: neither customers nor floods of events take them',
    (_, count, names) => {
      const withReserve = staging
        .ofType<FunctionProperties>('AWS::Lambda::Function')
        .filter(({ properties }) => properties.ReservedConcurrentExecutions === count)
        .map(({ properties }) => properties.FunctionName.replace('order-saga-staging-', ''));
      expect(withReserve.sort()).toEqual([...names].sort());
    },
  );

  it('tells its functions their stage', () => {
    const stages = staging
      .ofType<{ Environment: { Variables: Record<string, string> } }>('AWS::Lambda::Function')
      .flatMap(({ properties }) => properties.Environment.Variables.STAGE ?? []);
    expect(new Set(stages)).toEqual(new Set(['staging']));
  });
});

/** What an account has by default, and what Lambda never lets be reserved: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const ACCOUNT_CONCURRENCY = 1_000;
const NEVER_RESERVED = 100;

it.each(STAGES)('stage $name reserves no more than an account has to give', ({ concurrency }) => {
  const { task = 0, reaction = 0 } = concurrency ?? {};
  const reserved = task * tasks.length + reaction * reactions.length + 1;
  expect(reserved).toBeLessThanOrEqual(ACCOUNT_CONCURRENCY - NEVER_RESERVED);
});
