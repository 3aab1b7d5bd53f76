import { type EventBridgeClient, StartReplayCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { Instant } from '../../events/instant.ts';
import { ActionsEnv, onRecord } from '../runtime/actions.ts';
import { type ApiCall, api } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { eventBridge } from '../runtime/event-bus.ts';
import { ListenersEnv, listenerNamed } from '../runtime/listeners.ts';
import { Problem } from '../runtime/problem.ts';
import { newReplayId } from './replay-id.ts';

const StartReplayBody = z.strictObject({
  /** RFC 3339. */
  from: Instant,
  /** RFC 3339. */
  to: Instant,
  /** Only this one gets the events; without, every rule of the bus. */
  listener: z.string().optional(),
});

const StartReplayEnv = ListenersEnv.extend({ ARCHIVE_ARN: ResourceName, ORDER_BUS_ARN: ResourceName });

/**
 * Puts the archived events of a time on the bus again. What a listener has done already it does not do again.
 * EventBridge replays minute by minute, and events of one minute in any order.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
 */
export const startReplay =
  (client: Pick<EventBridgeClient, 'send'>, stack: z.infer<typeof StartReplayEnv>) =>
  async (call: ApiCall) => {
    const { from, to, listener } = call.body(StartReplayBody);
    if (Date.parse(from) >= Date.parse(to)) {
      throw new Problem('invalid-fields', 'the replay ends before it begins', [
        { field: 'to', message: 'must be later than `from`' },
      ]);
    }
    const rule = listener === undefined ? undefined : listenerNamed(stack.LISTENERS, listener).ruleArn;
    const replay = newReplayId();
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
