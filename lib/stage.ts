/** What differs between stages; everything else is the same everywhere. */
export interface Stage {
  readonly name: 'dev' | 'staging' | 'prod';
  /** Tables and logs outlive the stack. */
  readonly retainsData: boolean;
  readonly logRetentionDays: 7 | 30 | 365;
  /** Reserved for each listener. None in dev: a new account has too little to reserve from. */
  readonly listenerConcurrency?: number;
}

const STAGES: readonly Stage[] = [
  { name: 'dev', retainsData: false, logRetentionDays: 7 },
  { name: 'staging', retainsData: true, logRetentionDays: 30, listenerConcurrency: 5 },
  { name: 'prod', retainsData: true, logRetentionDays: 365, listenerConcurrency: 25 },
];

/** Which adapters stand behind the ports. Only the sandboxes exist so far. */
export interface Adapters {
  readonly paymentProvider: 'sandbox';
  readonly carrier: 'sandbox';
  readonly mailer: 'sandbox';
}

export interface Configuration {
  readonly stage: Stage;
  readonly adapters: Adapters;
  /** Who gets a mail of each alarm. */
  readonly alarmEmail?: string;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * What the CDK context asks for (`-c stage=dev -c paymentProvider=sandbox -c alarmEmail=operators@example.com`).
 * @throws Error naming every bad key, and every sandbox that production refuses
 */
export const configurationFrom = (context: (key: string) => unknown): Configuration => {
  const problems: string[] = [];
  const stageName = context('stage') ?? 'dev';
  const stage = STAGES.find(({ name }) => name === stageName);
  if (!stage)
    problems.push(`stage: "${stageName}" is not one of ${STAGES.map(({ name }) => name).join(', ')}`);
  const adapter = (key: keyof Adapters): 'sandbox' => {
    const chosen = context(key) ?? 'sandbox';
    if (chosen !== 'sandbox') problems.push(`${key}: "${chosen}" is not one of sandbox`);
    else if (stage?.name === 'prod') problems.push(`${key}: the sandbox adapter is refused in stage prod`);
    return 'sandbox';
  };
  const adapters = {
    paymentProvider: adapter('paymentProvider'),
    carrier: adapter('carrier'),
    mailer: adapter('mailer'),
  };
  const alarmEmail = context('alarmEmail');
  if (alarmEmail !== undefined && !EMAIL.test(String(alarmEmail)))
    problems.push(`alarmEmail: "${alarmEmail}" is not an e-mail address`);
  if (!stage || problems.length > 0) throw new Error(`bad configuration: ${problems.join('; ')}`);
  return { stage, adapters, ...(alarmEmail !== undefined && { alarmEmail: String(alarmEmail) }) };
};
