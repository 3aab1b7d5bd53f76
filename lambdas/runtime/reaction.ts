import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { boundary } from './boundary.ts';
import { failure, logger } from './logger.ts';
import { validInput } from './valid-input.ts';

/**
 * The boundary of a function that reacts to AWS itself (a status change, a schedule), whose events are not our contracts.
 * `work` has to be repeatable: these events come at least once.
 * @throws InvalidInputError naming each bad field
 */
export const reaction = <Model extends z.ZodType, Output>(
  model: Model,
  work: (event: z.infer<Model>, context: Context) => Promise<Output>,
) =>
  boundary()
    .before(() => logger.resetKeys())
    .onError(({ error }) => {
      logger.error('reaction failed', failure(error as Error));
    })
    .handler(async (event: unknown, context) => work(validInput(model, event), context));
