import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { checkPattern, matchesPattern, type Pattern } from './event-pattern.ts';
import type { Functions } from './functions.ts';
import { ACCOUNT, REGION, type Resource } from './template.ts';

/** What PutEvents takes. */
export interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
}

/** An event that no attempt could deliver, as it lies in its queue. */
export interface DeadLetter {
  readonly queueArn: string;
  readonly event: unknown;
  readonly error: unknown;
}

interface Rule {
  readonly name: string;
  readonly busName: string;
  /** A rule has a pattern, or a schedule. */
  readonly pattern?: Pattern;
  readonly everySeconds?: number;
  readonly functionArns: readonly string[];
}

/** How Lambda treats an asynchronous invocation that fails. */
interface AsyncConfig {
  readonly retries: number;
  readonly deadLetterArn?: string;
}

/** Lambda's waits before it invokes a failed asynchronous event again, in seconds: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_DELAY_SECONDS = [60, 120];

/** @throws Error naming the rule: only `rate(N minutes)` is emulated locally */
const secondsOf = (schedule: string, rule: string): number => {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(schedule)?.[1];
  if (!minutes) throw new Error(`rule ${rule}: the schedule ${schedule} is not emulated locally`);
  return Number(minutes) * 60;
};

const rulesIn = (resources: readonly Resource[]): Rule[] =>
  resources
    .filter(({ type }) => type === 'AWS::Events::Rule')
    .map(({ logicalId, properties }) => {
      const {
        EventBusName = 'default',
        EventPattern,
        Targets,
        ScheduleExpression,
      } = properties as {
        EventBusName?: string;
        EventPattern?: Pattern;
        ScheduleExpression?: string;
        Targets: { Arn: string; Input?: unknown; InputPath?: unknown; InputTransformer?: unknown }[];
      };
      if (EventPattern) checkPattern(EventPattern, logicalId);
      const everySeconds = ScheduleExpression && secondsOf(ScheduleExpression, logicalId);
      for (const { Arn, Input, InputPath, InputTransformer } of Targets) {
        if (!Arn.startsWith('arn:aws:lambda:'))
          throw new Error(`rule ${logicalId}: target ${Arn} is not emulated locally`);
        if (Input || InputPath || InputTransformer)
          throw new Error(`rule ${logicalId}: a changed input is not emulated locally`);
      }
      return {
        name: logicalId,
        busName: EventBusName,
        ...(EventPattern && { pattern: EventPattern }),
        ...(everySeconds && { everySeconds }),
        functionArns: Targets.map(({ Arn }) => Arn),
      };
    });

const asyncConfigsIn = (resources: readonly Resource[]): Map<string, AsyncConfig> =>
  new Map(
    resources
      .filter(({ type }) => type === 'AWS::Lambda::EventInvokeConfig')
      .map(({ properties }) => {
        const {
          FunctionName,
          MaximumRetryAttempts = 2,
          DestinationConfig,
        } = properties as {
          FunctionName: string;
          MaximumRetryAttempts?: number;
          DestinationConfig?: { OnFailure?: { Destination: string } };
        };
        const deadLetterArn = DestinationConfig?.OnFailure?.Destination;
        return [FunctionName, { retries: MaximumRetryAttempts, ...(deadLetterArn && { deadLetterArn }) }];
      }),
  );

export interface EventBusProps {
  readonly resources: readonly Resource[];
  readonly functions: Functions;
  /** What every delay is multiplied by: 1 as on AWS, less for tests. */
  readonly timeScale: number;
}

/** EventBridge in this process: the stack's buses and rules, deliveries at least once. */
export const eventBus = ({ resources, functions, timeScale }: EventBusProps) => {
  const rules = rulesIn(resources);
  const asyncConfigs = asyncConfigsIn(resources);
  const busNames = new Set(
    resources
      .filter(({ type }) => type === 'AWS::Events::EventBus')
      .map(({ properties }) => String(properties.Name)),
  );
  const deadLetters: DeadLetter[] = [];
  const published: unknown[] = [];
  const closing = new AbortController();
  let underWay = 0;

  const deliver = async (functionArn: string, event: unknown): Promise<void> => {
    const { retries, deadLetterArn } = asyncConfigs.get(functionArn.split(':').at(-1) ?? '') ?? {
      retries: 2,
    };
    for (let attempt = 0; ; attempt += 1) {
      const { error } = await functions.invoke(functionArn, event);
      if (!error) return;
      if (attempt === retries) {
        if (deadLetterArn) deadLetters.push({ queueArn: deadLetterArn, event, error });
        return;
      }
      await delay((RETRY_DELAY_SECONDS[attempt] ?? 120) * 1_000 * timeScale, undefined, {
        signal: closing.signal,
      });
    }
  };

  const send = (functionArn: string, event: unknown): void => {
    underWay += 1;
    deliver(functionArn, event)
      .catch(() => {})
      .finally(() => {
        underWay -= 1;
      });
  };

  const publish = ({
    EventBusName = 'default',
    Source,
    DetailType,
    Detail,
    Resources = [],
  }: Entry): string => {
    const event = {
      version: '0',
      id: randomUUID(),
      source: Source,
      account: ACCOUNT,
      time: new Date().toISOString(),
      region: REGION,
      resources: Resources,
      'detail-type': DetailType,
      detail: JSON.parse(Detail ?? '{}'),
    };
    if (EventBusName !== 'default') published.push(event);
    for (const { busName, pattern, functionArns } of rules) {
      if (busName !== EventBusName || !pattern || !matchesPattern(pattern, event)) continue;
      for (const functionArn of functionArns) send(functionArn, event);
    }
    return event.id;
  };

  return {
    /** PutEvents. @param authorize throws where the caller may not put events on a bus */
    putEvents: (entries: readonly Entry[], authorize: (busArn: string) => void) => {
      const results = entries.map((entry) => {
        const busName = (entry.EventBusName ?? 'default').split('/').at(-1) ?? '';
        if (!busNames.has(busName))
          return { ErrorCode: 'NoSuchEventBus', ErrorMessage: `there is no bus ${busName}` };
        authorize(`arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${busName}`);
        return { EventId: publish({ ...entry, EventBusName: busName }) };
      });
      return { Entries: results, FailedEntryCount: results.filter(({ EventId }) => !EventId).length };
    },
    /** An event of AWS itself, on the default bus. */
    announce: (source: string, detailType: string, detail: object): void => {
      publish({ Source: source, DetailType: detailType, Detail: JSON.stringify(detail) });
    },
    /** Lets the rules with a schedule fire: now, and whenever it is time. */
    startSchedules: (): void => {
      for (const { name, everySeconds, functionArns } of rules) {
        if (!everySeconds) continue;
        const fire = () => {
          const event = {
            source: 'aws.events',
            'detail-type': 'Scheduled Event',
            resources: [name],
            detail: {},
          };
          for (const functionArn of functionArns) send(functionArn, event);
        };
        fire();
        const timer = setInterval(fire, everySeconds * 1_000 * (timeScale || 1));
        closing.signal.addEventListener('abort', () => clearInterval(timer));
      }
    },
    /** Every event so far on the stack's own buses, in the order of publication. */
    published: (): readonly unknown[] => published,
    deadLetters: (): readonly DeadLetter[] => deadLetters,
    /** Deliveries that have neither succeeded nor failed for good. */
    underWay: () => underWay,
    close: () => closing.abort(),
  };
};
export type EventBus = ReturnType<typeof eventBus>;
