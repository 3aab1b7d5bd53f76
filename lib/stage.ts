import type { Audience } from '../api/audience.ts';
import { FRAUD_THRESHOLDS, FraudThresholds } from '../configuration/fraud-thresholds.ts';
import { ADAPTER_KEYS, type Adapters, adaptersIn } from './adapters.ts';
import { nearMiss } from './base/near-miss.ts';
import { CALLER_KEYS, type Callers, callersIn } from './callers.ts';

/** What differs between stages; everything else is the same everywhere. */
export interface Stage {
  readonly name: 'dev' | 'staging' | 'prod';
  /** Tables and logs outlive the stack. */
  readonly retainsData: boolean;
  readonly logRetentionDays: 7 | 30 | 365;
  /** How many requests an API takes from all callers together; those beyond that get 429. */
  readonly throttle: Readonly<Record<Audience, { readonly callsPerSecond: number; readonly burst: number }>>;
  /**
   * How many instances are reserved for each task of the workflow, and for each function that a rule calls. It always gets
   * as many, and never more: neither the calls of customers, which share what is left, nor a flood of events can take
   * instances from orders under way. None in dev: a new account has too few to reserve from.
   */
  readonly concurrency?: { readonly task: number; readonly reaction: number };
  /** By its state, how many seconds a wait of the saga lasts at most, where that is not what the definition says. */
  readonly waitSeconds?: Readonly<Record<string, number>>;
  /** How many of the orders enter a new version of the saga at first, and for how long. Without, all enter it at once. */
  readonly canary?: { readonly percentage: number; readonly minutes: number };
}

/** Each of the alarms that take a version back has looked at three of its periods by then. */
const CANARY = { percentage: 10, minutes: 15 };

/** More than people do by hand, and their scripts should. */
const OPERATORS_THROTTLE = { callsPerSecond: 20, burst: 40 };

export const STAGES: readonly Stage[] = [
  {
    name: 'dev',
    retainsData: false,
    logRetentionDays: 7,
    throttle: { customers: { callsPerSecond: 50, burst: 100 }, operators: OPERATORS_THROTTLE },
    // Whoever tries it out looks around meanwhile, and a test bank takes minutes, where a real one takes days.
    waitSeconds: { AwaitPayment: 4 * 3_600, AwaitDebit: 86_400 },
  },
  {
    name: 'staging',
    retainsData: true,
    logRetentionDays: 30,
    throttle: { customers: { callsPerSecond: 50, burst: 100 }, operators: OPERATORS_THROTTLE },
    concurrency: { task: 10, reaction: 5 },
    canary: CANARY,
  },
  {
    name: 'prod',
    retainsData: true,
    logRetentionDays: 365,
    throttle: { customers: { callsPerSecond: 200, burst: 400 }, operators: OPERATORS_THROTTLE },
    concurrency: { task: 50, reaction: 25 },
    canary: CANARY,
  },
];

export interface Configuration {
  readonly stage: Stage;
  readonly callers: Callers;
  readonly adapters: Adapters;
  /** By currency, and in it: from which amounts on a person is to look at an order. */
  readonly fraudThresholds: typeof FRAUD_THRESHOLDS;
  /** Who gets a mail of each alarm. */
  readonly alarmEmail?: string;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The context keys of ours that `-c` may set. */
const KEYS: readonly string[] = [
  'stage',
  'deployment',
  ...ADAPTER_KEYS,
  ...CALLER_KEYS,
  'alarmEmail',
  'fraudThresholds',
];

/**
 * The context keys of the CDK lie beside ours: its flags (`@aws-cdk/...`), what it tells the app (`aws:cdk:...`), what it
 * has looked up (`availability-zones:account=...`), and two words.
 */
const isOfTheCdk = (key: string) =>
  /[:/]/.test(key) || ['acknowledged-issue-numbers', 'cli-telemetry'].includes(key);

type Context = Readonly<Record<string, unknown>>;

const unknownKeysIn = (context: object): string[] =>
  Object.keys(context)
    .filter((key) => !isOfTheCdk(key) && !KEYS.includes(key))
    .map((key) => {
      const meant = nearMiss(key, KEYS);
      return `${key}: is not a known key; ${meant ? `is ${meant} meant?` : `there are ${KEYS.join(', ')}`}`;
    });

/** An object, from `cdk.json` as it is, from `-c` as JSON. @returns undefined where it is neither */
const objectIn = (value: unknown): object | undefined => {
  try {
    const found: unknown = typeof value === 'string' ? JSON.parse(value) : value;
    return typeof found === 'object' && found !== null ? found : undefined;
  } catch {
    return undefined;
  }
};

/**
 * What the CDK context asks for (`-c stage=dev -c deployment=all-at-once -c paymentProvider=sandbox`
 * `-c alarmEmail=operators@example.com` `-c fraudThresholds='{"SEK": {"total": 11000, "piece": 2200}}'`).
 * @throws Error naming every key that is bad or not known, and all that production refuses
 */
export const configurationFrom = (context: Context): Configuration => {
  const problems = unknownKeysIn(context);
  const stageName = context.stage ?? 'dev';
  const stage = STAGES.find(({ name }) => name === stageName);
  if (!stage)
    problems.push(`stage: "${stageName}" is not one of ${STAGES.map(({ name }) => name).join(', ')}`);
  const { deployment } = context;
  if (deployment !== undefined && deployment !== 'all-at-once')
    problems.push(`deployment: "${deployment}" is not one of all-at-once`);
  const refuse = (problem: string) => problems.push(problem);
  const adapters = adaptersIn(context, String(stageName), refuse);
  const callers = callersIn(context, String(stageName), refuse);
  const { alarmEmail } = context;
  if (alarmEmail !== undefined && !EMAIL.test(String(alarmEmail)))
    problems.push(`alarmEmail: "${alarmEmail}" is not an e-mail address`);
  const asked = context.fraudThresholds ?? {};
  const fraudThresholds = { ...FRAUD_THRESHOLDS, ...objectIn(asked) };
  if (!objectIn(asked)) problems.push(`fraudThresholds: ${JSON.stringify(asked)} is no object of currencies`);
  for (const { path, message } of FraudThresholds.safeParse(fraudThresholds).error?.issues ?? [])
    problems.push(`${['fraudThresholds', ...path].join('.')}: ${message}`);
  if (!stage || problems.length > 0) throw new Error(`bad configuration: ${problems.join('; ')}`);
  const { canary, ...allAtOnce } = stage;
  return {
    stage: deployment ? allAtOnce : stage,
    callers,
    adapters,
    fraudThresholds,
    ...(alarmEmail !== undefined && { alarmEmail: String(alarmEmail) }),
  };
};
