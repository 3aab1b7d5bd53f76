import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, jest } from '@jest/globals';
import * as z from 'zod';
import { AwsUnavailableError, InvalidInputError } from '../../../lambdas/runtime/errors.ts';
import { logger } from '../../../lambdas/runtime/logger.ts';
import { OrderTask, task } from '../../../lambdas/runtime/task.ts';
import { lambdaContext } from '../lambda-context.ts';
import { logLinesOf } from '../log-lines.ts';

const Input = OrderTask.extend({ totalCents: z.int().positive() });
const input = { orderId: 'ord_1', correlationId: 'corr-1', totalCents: 2500 };

const failing = (error: Error) => task(Input, () => Promise.reject(error))(input, lambdaContext);

/** An error as the SDK throws it: `$fault` only where AWS has answered, `attempts` where it was sent at all. */
const sdkError = (told: { $fault?: 'client' | 'server'; $metadata: { attempts?: number } }) =>
  Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException', ...told });

describe('a task', () => {
  it('hands the work what its model knows of the input, and answers what the work answers', async () => {
    const work = jest.fn<(input: z.infer<typeof Input>) => Promise<object>>();
    work.mockResolvedValue({ chargeId: 'ch_1' });
    const answer = await task(Input, work)({ ...input, shippingAddress: 'not ours' }, lambdaContext);
    expect(answer).toEqual({ chargeId: 'ch_1' });
    expect(work).toHaveBeenCalledWith(input);
  });

  it('names every bad field of its input, and does no work', async () => {
    const work = jest.fn(async () => undefined);
    const refused = task(Input, work)({ orderId: '', totalCents: 0.5 }, lambdaContext);
    await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
    await expect(refused).rejects.toThrow(/orderId: .*correlationId: .*totalCents: /);
    expect(work).not.toHaveBeenCalled();
  });

  it.each([
    ['the SDK has retried in vain', { $fault: 'client', $metadata: { attempts: 3 } }],
    ['AWS says is its own fault', { $fault: 'server', $metadata: { attempts: 1 } }],
    ['nobody has answered', { $metadata: { attempts: 1 } }],
  ] as const)('tells the workflow by one name what %s', async (_, told) => {
    const cause = sdkError(told);
    const failed = failing(cause);
    await expect(failed).rejects.toBeInstanceOf(AwsUnavailableError);
    await expect(failed).rejects.toMatchObject({
      name: 'AwsUnavailableError',
      message: 'ThrottlingException: Rate exceeded',
      cause,
    });
  });

  it('leaves a refusal by AWS that is not worth a retry as it is', async () => {
    const refusal = sdkError({ $fault: 'client', $metadata: { attempts: 1 } });
    await expect(failing(refusal)).rejects.toBe(refusal);
    const condition = new ConditionalCheckFailedException({ $metadata: {}, message: 'no' });
    await expect(failing(condition)).rejects.toBe(condition);
  });

  it('throws a business error on unchanged: a response would read as success', async () => {
    const declined = Object.assign(new Error('declined'), { name: 'PaymentDeclinedError' });
    await expect(failing(declined)).rejects.toBe(declined);
  });

  it("puts the order's ids on its log lines, and none of an earlier order", async () => {
    const run = task(Input, async ({ orderId }) => {
      logger.appendKeys({ [`of ${orderId}`]: true });
    });
    const lines = await logLinesOf(async () => {
      await run(input, lambdaContext);
      await run({ ...input, orderId: 'ord_2', correlationId: 'corr-2' }, lambdaContext);
    });
    expect(lines).toMatchObject([
      { message: 'task done', orderId: 'ord_1', correlationId: 'corr-1' },
      { message: 'task done', orderId: 'ord_2', correlationId: 'corr-2' },
    ]);
    expect(lines[1]).not.toHaveProperty('of ord_1');
  });

  it('logs a failure by name and reason', async () => {
    const declined = Object.assign(new Error('no money'), { name: 'PaymentDeclinedError' });
    const lines = await logLinesOf(() => failing(declined).catch(() => undefined));
    expect(lines).toMatchObject([
      { level: 'WARN', orderId: 'ord_1', error: 'PaymentDeclinedError', reason: 'no money' },
    ]);
  });
});
