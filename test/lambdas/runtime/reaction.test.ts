import { describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { InvalidInputError } from '../../../lambdas/runtime/errors.ts';
import { logger } from '../../../lambdas/runtime/logger.ts';
import { reaction } from '../../../lambdas/runtime/reaction.ts';
import { lambdaContext } from '../lambda-context.ts';
import { logLinesOf } from '../log-lines.ts';

const Event = z.object({ detail: z.object({ name: z.string(), status: z.enum(['FAILED']) }) });
const event = { detail: { name: 'ord_1', status: 'FAILED' } };

describe('a reaction', () => {
  it('hands the work what its model knows of the event, and answers what the work answers', async () => {
    const work = jest.fn<(event: z.infer<typeof Event>) => Promise<string>>().mockResolvedValue('mended');
    const react = reaction(Event, work);
    await expect(react({ ...event, account: '1' }, lambdaContext)).resolves.toBe('mended');
    expect(work.mock.calls).toEqual([[event, lambdaContext]]);
  });

  it('names every bad field of its event, and does no work', async () => {
    const work = jest.fn(async () => undefined);
    const refused = reaction(Event, work)({ detail: { status: 'RUNNING' } }, lambdaContext);
    await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
    await expect(refused).rejects.toThrow(/detail\.name: .*detail\.status: /);
    expect(work).not.toHaveBeenCalled();
  });

  it('fails where the work does, so that the event comes again, and logs why', async () => {
    const failing = reaction(Event, () => Promise.reject(new Error('table away')));
    let failed: unknown;
    const lines = await logLinesOf(async () => {
      failed = await failing(event, lambdaContext).catch((error: unknown) => error);
    });
    expect(failed).toMatchObject({ message: 'table away' });
    expect(lines).toMatchObject([{ level: 'ERROR', message: 'reaction failed', reason: 'table away' }]);
  });

  it('leaves no ids of an earlier event on its log lines', async () => {
    const react = reaction(z.object({ orderId: z.string() }), async ({ orderId }) => {
      logger.appendKeys({ [`of ${orderId}`]: true });
      logger.info('done');
    });
    const lines = await logLinesOf(async () => {
      await react({ orderId: 'ord_1' }, lambdaContext);
      await react({ orderId: 'ord_2' }, lambdaContext);
    });
    expect(lines).toMatchObject([{ 'of ord_1': true }, { 'of ord_2': true }]);
    expect(lines[1]).not.toHaveProperty('of ord_1');
  });
});
