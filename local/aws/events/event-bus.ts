import { randomUUID } from 'node:crypto';
import type { Journal } from '../../journal.ts';
import { ACCOUNT, REGION, type Resource } from '../../template.ts';
import { AwsError, notEmulated } from '../aws-error.ts';
import { type Deliveries, listenerName } from '../lambda/deliveries.ts';
import { archives } from './archive.ts';
import type { BusEvent } from './bus-event.ts';
import { rulesIn } from './rules.ts';

/** An entry of PutEvents. */
export interface Entry {
  readonly EventBusName?: string;
  readonly Source?: string;
  readonly DetailType?: string;
  readonly Detail?: string;
  readonly Resources?: readonly string[];
}

export interface EventBusProps {
  readonly resources: readonly Resource[];
  readonly deliveries: Deliveries;
  readonly journal: Journal;
  /** What every delay is multiplied by: 1 as on AWS, less for tests. */
  readonly timeScale: number;
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const ENTRIES = 10;
/**
 * For all entries of a call, since 2026:
 * https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb
 */
const ENTRIES_BYTES = 1_024 * 1_024;

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/calculate-putevents-entry-size.html */
const bytesOf = ({ Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number =>
  Buffer.byteLength([Source, DetailType, Detail, ...Resources].join(''));

/** @throws AwsError ValidationException if the call as a whole is refused */
const checkCall = (entries: readonly Entry[]): void => {
  if (entries.length < 1 || entries.length > ENTRIES)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${ENTRIES}`,
    );
  if (entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > ENTRIES_BYTES)
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
};

const isJsonObject = (text: string): boolean => {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/**
 * Why a single entry is refused, in the words of
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html.
 */
const refusalOf = (entry: Entry): { ErrorCode: string; ErrorMessage: string } | undefined => {
  const missing = (['Source', 'DetailType', 'Detail'] as const).find((field) => !entry[field]);
  if (missing)
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter ${missing} is not valid. Reason: ${missing} is a required argument.`,
    };
  if (!isJsonObject(entry.Detail ?? ''))
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return undefined;
};

const replayArn = (name: unknown) => `arn:aws:events:${REGION}:${ACCOUNT}:replay/${name}`;

/** EventBridge in this process: the stack's buses, rules and archives. */
export const eventBus = ({ resources, deliveries, journal, timeScale }: EventBusProps) => {
  const rules = rulesIn(resources);
  const busNames = new Set(
    resources
      .filter(({ type }) => type === 'AWS::Events::EventBus')
      .map(({ properties }) => String(properties.Name)),
  );
  const published: BusEvent[] = [];
  const closing = new AbortController();

  const route = (event: BusEvent, onBus: string, ruleArns?: readonly string[]): void => {
    for (const { arn, busName, wants, functionArns } of rules) {
      if (busName !== onBus || (ruleArns && !ruleArns.includes(arn)) || !wants(event)) continue;
      for (const functionArn of functionArns) deliveries.deliver(functionArn, event);
    }
  };
  const archived = archives(resources, route, journal);

  const publish = ({ Source, DetailType, Detail, Resources = [] }: Entry, busName: string): string => {
    const event: BusEvent = {
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
    if (busName !== 'default') published.push(event);
    archived.keep(event, busName);
    route(event, busName);
    return event.id;
  };

  /** @param authorize throws where the caller may not put events on a bus @throws AwsError ValidationException */
  const putEvents = (entries: readonly Entry[], authorize: (busArn: string) => void) => {
    checkCall(entries);
    const results = entries.map((entry) => {
      const refusal = refusalOf(entry);
      if (refusal) return refusal;
      const busName = (entry.EventBusName ?? 'default').split('/').at(-1) ?? '';
      if (!busNames.has(busName))
        return { ErrorCode: 'NoSuchEventBus', ErrorMessage: `there is no bus ${busName}` };
      authorize(`arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${busName}`);
      return { EventId: publish(entry, busName) };
    });
    return { Entries: results, FailedEntryCount: results.filter((each) => !('EventId' in each)).length };
  };

  return {
    putEvents,
    /**
     * One call of the API. @param authorize throws where the caller may not
     * @throws AwsError NotEmulated, and what the operation throws
     */
    call: (
      operation: string,
      request: Readonly<Record<string, unknown>>,
      authorize: (resource: string) => void,
    ): object => {
      switch (operation) {
        case 'PutEvents':
          return putEvents(request.Entries as Entry[], authorize);
        case 'StartReplay':
          authorize(String(request.EventSourceArn));
          authorize((request.Destination as { Arn: string }).Arn);
          authorize(replayArn(request.ReplayName));
          return archived.start(request as never);
        case 'DescribeReplay':
          authorize(replayArn(request.ReplayName));
          return archived.describe(String(request.ReplayName));
        default:
          throw notEmulated(`events:${operation}`);
      }
    },
    /** An event of AWS itself, on the default bus. */
    announce: (source: string, detailType: string, detail: object): void => {
      publish({ Source: source, DetailType: detailType, Detail: JSON.stringify(detail) }, 'default');
    },
    /** Starts the rules that have a schedule: they fire now, and whenever it is time. */
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
          for (const functionArn of functionArns) deliveries.deliver(functionArn, event);
        };
        fire();
        const timer = setInterval(fire, everySeconds * 1_000 * (timeScale || 1));
        closing.signal.addEventListener('abort', () => clearInterval(timer));
      }
    },
    /** The listeners on the stack's own buses, as operators call them. */
    listeners: [
      ...new Set(
        rules
          .filter(({ busName }) => busName !== 'default')
          .flatMap(({ functionArns }) => functionArns.map(listenerName)),
      ),
    ],
    /** The listeners that an event is for. */
    listenersOf: (event: BusEvent): string[] =>
      rules
        .filter(({ busName, wants }) => busName !== 'default' && wants(event))
        .flatMap(({ functionArns }) => functionArns.map(listenerName)),
    /** Every event so far on the stack's own buses, in the order of publication, without replays. */
    published: (): readonly BusEvent[] => published,
    close: () => closing.abort(),
  };
};
export type EventBus = ReturnType<typeof eventBus>;
