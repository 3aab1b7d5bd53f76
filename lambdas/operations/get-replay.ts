import {
  DescribeReplayCommand,
  type EventBridgeClient,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import { type ApiCall, api, Problem } from '../runtime/api.ts';
import { eventBridge } from '../runtime/event-bus.ts';

/** How far a replay is: `STARTING`, `RUNNING`, `COMPLETED`, `FAILED`, ... */
export const getReplay =
  (client: Pick<EventBridgeClient, 'send'>) =>
  async ({ path: { replay } }: ApiCall) => {
    try {
      const { State: state } = await client.send(new DescribeReplayCommand({ ReplayName: replay }));
      return { status: 200, body: { replay, state } };
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
      throw new Problem(404, 'Not Found', `there is no replay ${replay}`);
    }
  };

export const handler = api(getReplay(eventBridge));
