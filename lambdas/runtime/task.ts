import * as z from 'zod';
import { boundary } from './boundary.ts';
import { AwsUnavailableError } from './errors.ts';
import { failure, logger } from './logger.ts';
import { validInput } from './valid-input.ts';

/** The fields that every task of the workflow gets, besides its own. */
export const OrderTask = z.object({ orderId: z.string().min(1), correlationId: z.string().min(1) });

/**
 * The boundary of a task of the workflow: checks the input against its model, and puts the order's ids on every log line.
 * What `work` throws goes to Step Functions unchanged: Retry and Catch match its `name`.
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
      // Only logged. Nothing is returned, so middy throws it on: Step Functions would take a response for success.
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

/**
 * No answer, a fault on AWS's side, or an error that the SDK itself retries: the workflow sees one name for all of
 * them.
 */
const transientByName = (error: SdkError): never => {
  const isTransient = error.$metadata && (error.$fault !== 'client' || (error.$metadata.attempts ?? 0) > 1);
  throw isTransient ? new AwsUnavailableError(error) : error;
};
