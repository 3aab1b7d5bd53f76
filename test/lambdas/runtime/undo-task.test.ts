import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { InvalidInputError } from '../../../lambdas/runtime/errors.ts';
import { type Undo, undoTask } from '../../../lambdas/runtime/undo-task.ts';
import { lambdaContext } from '../lambda-context.ts';

const order = { orderId: 'ord_1', correlationId: 'corr-1' };
const byHand = { note: 'paid back in cash', by: 'operator-1', at: '2026-01-15T09:40:00.000Z' };

const undo = jest.fn<(order: Undo) => Promise<void>>();
const refund = (input: object) => undoTask('RefundPayment', undo)(input, lambdaContext);
beforeEach(() => {
  undo.mockReset().mockResolvedValue();
});

describe('an undo', () => {
  it('is asked for where nothing was settled by hand', async () => {
    await refund({ ...order, resolutions: {} });
    expect(undo.mock.calls).toEqual([[{ ...order, resolution: undefined }]]);
  });

  it('is told what was settled by hand in its own place, and nothing of another undo', async () => {
    await refund({ ...order, resolutions: { RefundPayment: byHand } });
    await refund({ ...order, resolutions: { CancelShipment: byHand } });
    expect(undo.mock.calls).toEqual([
      [{ ...order, resolution: byHand }],
      [{ ...order, resolution: undefined }],
    ]);
  });

  it.each([
    ['resolutions', undefined],
    ['resolutions.RefundPayment.note', { RefundPayment: { ...byHand, note: '' } }],
    ['resolutions.RefundPayment.by', { RefundPayment: { ...byHand, by: '' } }],
    ['resolutions.RefundPayment.at', { RefundPayment: { ...byHand, at: 'yesterday' } }],
  ])('is refused with a bad %s: who has settled what, and when, is known', async (field, resolutions) => {
    const refused = refund({ ...order, resolutions });
    await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
    await expect(refused).rejects.toThrow(`${field}: `);
    expect(undo).not.toHaveBeenCalled();
  });

  it('that fails fails by its own name', async () => {
    const error = Object.assign(new Error('no answer'), { name: 'PaymentProviderUnavailableError' });
    undo.mockRejectedValue(error);
    await expect(refund({ ...order, resolutions: {} })).rejects.toBe(error);
  });
});
