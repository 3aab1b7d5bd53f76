import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OrderCancelled } from '../../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { InvalidInputError } from '../../../lambdas/runtime/errors.ts';
import { type EventOf, listener } from '../../../lambdas/runtime/listener.ts';
import { deliveriesInMemory } from '../deliveries-in-memory.ts';
import { lambdaContext } from '../lambda-context.ts';
import { logLinesOf } from '../log-lines.ts';

type Completion = EventOf<typeof OrderConfirmed | typeof OrderCancelled>;

const effect = jest.fn<(event: Completion) => Promise<void>>();
const listen = listener([OrderConfirmed, OrderCancelled], effect);

const deliver = (type: string, detail: unknown) =>
  listen({ source: 'order-saga', 'detail-type': type, detail }, lambdaContext);
const confirmed = () => deliver('OrderConfirmed', OrderConfirmed.example);

/** The same event as another order's. */
const ofAnotherOrder = {
  ...OrderConfirmed.example,
  metadata: {
    ...OrderConfirmed.example.metadata,
    eventId: 'ord_2#OrderConfirmed',
    correlationId: 'corr-2',
  },
};

let deliveries: ReturnType<typeof deliveriesInMemory>;
beforeEach(() => {
  deliveries = deliveriesInMemory();
  effect.mockReset().mockResolvedValue();
});

describe('a listener', () => {
  it('has its effect, told which event it is and its detail', async () => {
    await confirmed();
    await deliver('OrderCancelled', OrderCancelled.example);
    expect(effect.mock.calls).toEqual([
      [{ type: 'OrderConfirmed', ...OrderConfirmed.example }],
      [{ type: 'OrderCancelled', ...OrderCancelled.example }],
    ]);
  });

  it('refuses an event that is none of its own', async () => {
    const refused = deliver('OrderShipped', OrderConfirmed.example);
    await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
    await expect(refused).rejects.toThrow('detail-type: OrderShipped is not one this listener knows');
    expect(effect).not.toHaveBeenCalled();
  });

  it('refuses an event that breaks its contract, and names each bad field', async () => {
    const { metadata, data } = OrderConfirmed.example;
    const broken = {
      metadata: { ...metadata, schemaVersion: 2 },
      data: { ...data, totalCents: -1, trackingNumber: undefined },
    };
    const refused = deliver('OrderConfirmed', broken);
    await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
    await expect(refused).rejects.toThrow(
      /metadata\.schemaVersion: .*data\.totalCents: .*data\.trackingNumber: /,
    );
    expect(effect).not.toHaveBeenCalled();
  });

  it('refuses an event without an id: it could not tell it from another', async () => {
    await expect(deliver('OrderConfirmed', { metadata: {}, data: {} })).rejects.toThrow();
    await expect(deliver('OrderConfirmed', undefined)).rejects.toThrow();
    expect(effect).not.toHaveBeenCalled();
  });
});

describe('a second delivery', () => {
  it('does not repeat the effect', async () => {
    await confirmed();
    await confirmed();
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it('of an event that was refused is refused again', async () => {
    await expect(deliver('OrderConfirmed', { ...OrderConfirmed.example, data: {} })).rejects.toThrow('data.');
    await expect(deliver('OrderConfirmed', { ...OrderConfirmed.example, data: {} })).rejects.toThrow('data.');
  });

  it('has the effect where the first one failed', async () => {
    effect.mockRejectedValueOnce(new Error('mail server away'));
    await expect(confirmed()).rejects.toThrow('mail server away');
    expect(deliveries.remembered()).toEqual([]);
    await confirmed();
    expect(effect).toHaveBeenCalledTimes(2);
  });

  it('is refused while the first one is under way, and leaves its claim alone', async () => {
    effect.mockImplementationOnce(async () => {
      await expect(confirmed()).rejects.toMatchObject({ name: 'IdempotencyAlreadyInProgressError' });
      expect(deliveries.remembered()).toMatchObject([{ status: 'INPROGRESS' }]);
    });
    await confirmed();
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it('is another event where its id is another, though the rest is the same', async () => {
    await confirmed();
    await deliver('OrderConfirmed', ofAnotherOrder);
    expect(effect).toHaveBeenCalledTimes(2);
  });

  it('is known for as long as an archived event may be replayed', async () => {
    const from = Math.floor(Date.now() / 1000);
    await confirmed();
    const days = ((deliveries.remembered()[0]?.until ?? 0) - from) / 86_400;
    expect(deliveries.remembered()).toMatchObject([{ status: 'COMPLETED' }]);
    expect(Math.round(days)).toBe(90);
  });
});

describe('the log of a listener', () => {
  it('has the ids of the event on each line, and none of an earlier one', async () => {
    const lines = await logLinesOf(async () => {
      await confirmed();
      await deliver('OrderConfirmed', ofAnotherOrder);
    });
    const { eventId, correlationId } = OrderConfirmed.example.metadata;
    expect(lines).toMatchObject([
      { message: 'delivered', eventId, correlationId },
      { message: 'delivered', eventId: 'ord_2#OrderConfirmed', correlationId: 'corr-2' },
    ]);
  });

  it('says of a delivery that failed why, under its own ids', async () => {
    const lines = await logLinesOf(async () => {
      await confirmed();
      await deliver('OrderConfirmed', { metadata: {} }).catch(() => undefined);
    });
    expect(lines.at(-1)).toMatchObject({ level: 'ERROR', message: 'delivery failed' });
    expect(lines.at(-1)).not.toHaveProperty('eventId');
  });
});
