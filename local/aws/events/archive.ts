import { randomUUID } from 'node:crypto';
import type { Journal } from '../../journal.ts';
import type { Resource } from '../../template.ts';
import { AwsError } from '../aws-error.ts';
import type { BusEvent } from './bus-event.ts';
import { matcher, type Pattern } from './event-pattern.ts';

interface Archive {
  readonly arn: string;
  readonly busName: string;
  readonly wants: (event: unknown) => boolean;
  readonly events: BusEvent[];
}

interface Replay {
  readonly State: 'COMPLETED';
  readonly ReplayArn: string;
}

/** The request of StartReplay; times in seconds since 1970. */
interface StartReplay {
  readonly ReplayName: string;
  readonly EventSourceArn: string;
  readonly EventStartTime: number;
  readonly EventEndTime: number;
  readonly Destination: { readonly Arn: string; readonly FilterArns?: readonly string[] };
}

/** EventBridge's archives and replays in this process. Retention is not emulated. */
export const archives = (
  resources: readonly Resource[],
  /** Hands an event to a bus's rules: to all, or to these only. */
  route: (event: BusEvent, busName: string, ruleArns: readonly string[] | undefined) => void,
  journal: Journal,
) => {
  const shelf = journal.shelf<{ readonly archiveArn: string; readonly event: BusEvent }>('archived');
  const all: Archive[] = resources
    .filter(({ type }) => type === 'AWS::Events::Archive')
    .map(({ logicalId, arn, properties }) => {
      const { SourceArn, EventPattern = {} } = properties as { SourceArn: string; EventPattern?: Pattern };
      const wants = matcher(EventPattern, `archive ${logicalId}`);
      return {
        arn,
        busName: SourceArn.split('/').at(-1) ?? '',
        wants,
        events: shelf.found.flatMap(([, { archiveArn, event }]) => (archiveArn === arn ? [event] : [])),
      };
    });
  const replayShelf = journal.shelf<Replay>('replays');
  const replays = new Map<string, Replay>(replayShelf.found);

  return {
    keep: (event: BusEvent, busName: string): void => {
      for (const { arn, wants, events, ...archive } of all) {
        if (archive.busName !== busName || !wants(event)) continue;
        shelf.put(`${event.id} ${arn}`, { archiveArn: arn, event });
        events.push(event);
      }
    },
    /** @throws AwsError ResourceNotFoundException, ResourceAlreadyExistsException */
    start: ({
      ReplayName,
      EventSourceArn,
      EventStartTime,
      EventEndTime,
      Destination,
    }: StartReplay): object => {
      const archive = all.find(({ arn }) => arn === EventSourceArn);
      if (!archive) throw new AwsError('ResourceNotFoundException', `there is no archive ${EventSourceArn}`);
      if (replays.has(ReplayName))
        throw new AwsError('ResourceAlreadyExistsException', `there is a replay ${ReplayName}`);
      const ReplayArn = `${EventSourceArn.replace(/:archive\/.*/, '')}:replay/${ReplayName}`;
      const chosen = archive.events.filter(({ time }) => {
        const at = Date.parse(time) / 1_000;
        return at >= EventStartTime && at <= EventEndTime;
      });
      for (const event of chosen) {
        const busName = Destination.Arn.split('/').at(-1) ?? '';
        // As on AWS, it is marked as a replay, and has an id of its own.
        route({ ...event, id: randomUUID(), 'replay-name': ReplayName }, busName, Destination.FilterArns);
      }
      const replay: Replay = { State: 'COMPLETED', ReplayArn };
      replays.set(ReplayName, replay);
      replayShelf.put(ReplayName, replay);
      return { ReplayArn, State: 'STARTING', ReplayStartTime: Date.now() / 1_000 };
    },
    /** @throws AwsError ResourceNotFoundException */
    describe: (ReplayName: string): object => {
      const replay = replays.get(ReplayName);
      if (!replay) throw new AwsError('ResourceNotFoundException', `there is no replay ${ReplayName}`);
      return { ReplayName, ...replay };
    },
  };
};
