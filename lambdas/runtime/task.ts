import * as z from 'zod';
import { boundary } from './boundary.ts';
import { AwsUnavailableError } from './errors.ts';
import { failure, logger } from './logger.ts';
import { validInput } from './valid-input.ts';

/** What every task of the workflow is told, besides its own fields. */
export const OrderTask = z.object({ orderId: z.string().min(1), correlationId: z.string().min(1) });

/**
 * The boundary of a task of the workflow: input by its model, the order's ids on every log line, errors by name.
 * What `work` throws goes to Step Functions as it is: its `name` is what Retry and Catch match.
 * @throws InvalidInputError naming each bad field
 */
export const task = <Model extends typeof OrderTask, Output>(
  model: Model,
  work: (input: z.infer<Model>) => Promise<Output>,
) =>
  boundary()
    .before(({ event }) => {
      const { orderId, correlationId } = event as z.infer<typeof OrderTask>;
      logger.resetKeys();
      logger.appendKeys({ orderId, correlationId });
    })
    .onError(({ error }) => {
      // Logged and, as nothing is returned, thrown on: a response here would read as success to Step Functions.
      logger.warn('task failed', failure(error as Error));
    })
    .handler(async (event: unknown) => {
      const output = await work(validInput(model, event)).catch(transientByName);
      logger.info('task done');
      return output;
    });

interface SdkError extends Error {
  readonly $fault?: 'client' | 'server';
  readonly $metadata?: { readonly attempts?: number };
}

/** No answer, a fault on AWS's side, or one that the SDK itself thought worth repeating: the workflow sees one name for all. */
const transientByName = (error: SdkError): never => {
  const isTransient = error.$metadata && (error.$fault !== 'client' || (error.$metadata.attempts ?? 0) > 1);
  throw isTransient ? new AwsUnavailableError(error) : error;
};
