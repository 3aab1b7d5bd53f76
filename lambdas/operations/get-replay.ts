import {
  DescribeReplayCommand,
  type EventBridgeClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import { type ApiCall, api } from '../runtime/api.ts';
import { eventBridge } from '../runtime/event-bus.ts';
import { Problem } from '../runtime/problem.ts';
import { ReplayId } from './replay-id.ts';

const notFound = () => new Problem('replay-not-found', 'there is no such replay');

/** How far a replay is: `STARTING`, `RUNNING`, `COMPLETED`, `FAILED`, ... */
export const getReplay =
  (client: Pick<EventBridgeClient, 'send'>) =>
  async ({ path }: ApiCall) => {
    const { data: replay } = ReplayId.safeParse(path.replay);
    if (!replay) throw notFound();
    try {
      const { State: state } = await client.send(new DescribeReplayCommand({ ReplayName: replay }));
      return { status: 200, body: { replay, state } };
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      throw notFound();
    }
  };

export const handler = api(getReplay(eventBridge));
