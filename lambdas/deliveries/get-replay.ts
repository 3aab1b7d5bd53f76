import {
  DescribeReplayCommand,
  type EventBridgeClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import type { Replay } from '../../api/answers/deliveries.ts';
import { ReplayId } from '../../api/requests/replay-id.ts';
import type { AnswerTo } from '../../api/routes.ts';
import { type ApiCall, api } from '../runtime/api.ts';
import { eventBridge } from '../runtime/event-bus.ts';
import { Problem } from '../runtime/problem.ts';

const notFound = () => new Problem('replay-not-found', 'there is no such replay');

/** How far a replay is: `STARTING`, `RUNNING`, `COMPLETED`, `FAILED`, ... */
export const getReplay =
  (client: Pick<EventBridgeClient, 'send'>) =>
  async ({ path }: ApiCall): Promise<AnswerTo<'GET /ops/replays/{replay}'>> => {
    const { data: replay } = ReplayId.safeParse(path.replay);
    if (!replay) throw notFound();
    try {
      const { State: state } = await client.send(new DescribeReplayCommand({ ReplayName: replay }));
      return { status: 200, body: { replay, state: state as Replay['state'] } };
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      throw notFound();
    }
  };

export const handler = api(getReplay(eventBridge));
