import type { AnswerTo } from '../../api/routes.ts';
import { ActionsEnv, onRecord } from '../runtime/actions.ts';
import { type ApiCall, api } from '../runtime/api.ts';
import { type DeadLetterQueue, deadLetterQueue } from '../runtime/dead-letter-queue.ts';
import { env } from '../runtime/env.ts';
import { invokeLater } from '../runtime/lambda.ts';
import { type Listeners, ListenersEnv, listenerNamed } from '../runtime/listeners.ts';

/** This many batches of ten fit well into the function's time. */
const BATCHES = 20;

interface Deps {
  readonly listeners: Listeners;
  readonly queue: (url: string) => Pick<DeadLetterQueue, 'count' | 'take'>;
  /** Hands an event to a function, which is retried, and dead-lettered, as any delivery. */
  readonly invokeLater: (functionName: string, event: unknown) => Promise<void>;
}

/**
 * Gives a listener its dead letters again; what it has done already it does not repeat. SQS's own redrive does not work
 * for the dead-letter queues of Lambda and EventBridge.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
export const redriveListener =
  ({ listeners, queue, invokeLater }: Deps) =>
  async ({ path }: ApiCall): Promise<AnswerTo<'POST /ops/listeners/{listener}/redrive'>> => {
    const { functionName, queueUrl } = listenerNamed(listeners, path.listener ?? '');
    const deadLetters = queue(queueUrl);
    let redriven = 0;
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const letters = await deadLetters.take();
      if (letters.length === 0) break;
      await Promise.all(
        letters.map(async ({ event, remove }) => {
          await invokeLater(functionName, event);
          await remove();
          redriven += 1;
        }),
      );
    }
    return { status: 200, body: { redriven, left: await deadLetters.count() } };
  };

const { LISTENERS, ...actions } = env(ListenersEnv.extend(ActionsEnv.shape));
export const handler = api(
  onRecord(actions, redriveListener({ listeners: LISTENERS, queue: deadLetterQueue, invokeLater })),
);
