import { randomUUID } from 'node:crypto';
import { type EventBridgeClient, StartReplayCommand } from '@aws-sdk/client-eventbridge';
import type * as z from 'zod';
import { StartReplay } from '../../api/requests/start-replay.ts';
import type { AnswerTo } from '../../api/routes.ts';
import { ActionsEnv, onRecord } from '../runtime/actions.ts';
import { type ApiCall, api } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { eventBridge } from '../runtime/event-bus.ts';
import { ListenersEnv, listenerNamed } from '../runtime/listeners.ts';
import { Problem } from '../runtime/problem.ts';

const StartReplayEnv = ListenersEnv.extend({ ARCHIVE_ARN: ResourceName, ORDER_BUS_ARN: ResourceName });

/**
 * Puts the archived events of a period on the bus again. What a listener has done already it does not repeat.
 * EventBridge replays minute by minute, and the events of one minute in any order.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
 */
export const startReplay =
  (client: Pick<EventBridgeClient, 'send'>, stack: z.infer<typeof StartReplayEnv>) =>
  async (call: ApiCall): Promise<AnswerTo<'POST /ops/replays'>> => {
    const { from, to, listener } = call.body(StartReplay);
    if (Date.parse(from) >= Date.parse(to)) {
      throw new Problem('invalid-fields', 'the replay ends before it begins', [
        { field: 'to', message: 'must be later than `from`' },
      ]);
    }
    const rule = listener === undefined ? undefined : listenerNamed(stack.LISTENERS, listener).ruleArn;
    const replay = `replay-${randomUUID()}`;
    await client.send(
      new StartReplayCommand({
        ReplayName: replay,
        EventSourceArn: stack.ARCHIVE_ARN,
        EventStartTime: new Date(from),
        EventEndTime: new Date(to),
        Destination: { Arn: stack.ORDER_BUS_ARN, ...(rule && { FilterArns: [rule] }) },
      }),
    );
    return { status: 202, headers: { location: `/ops/replays/${replay}` }, body: { replay } };
  };

const { ACTIONS_TABLE, ...stack } = env(StartReplayEnv.extend(ActionsEnv.shape));
export const handler = api(onRecord({ ACTIONS_TABLE }, startReplay(eventBridge, stack)));
