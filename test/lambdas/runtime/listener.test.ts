import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { OrderCancelled } from '../../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { DeliveryInProgressError } from '../../../lambdas/runtime/deliveries.ts';
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

/** It breaks its contract. */
const broken = { ...OrderConfirmed.example, data: { orderId: OrderConfirmed.example.data.orderId } };

let deliveries: ReturnType<typeof deliveriesInMemory>;
beforeEach(() => {
  deliveries = deliveriesInMemory();
  effect.mockReset().mockResolvedValue();
});

describe('a listener', () => {
  it('takes a time with an offset, as other engines write it, for what it is', async () => {
    const { metadata } = OrderConfirmed.example;
    const occurredAt = metadata.occurredAt.replace('Z', '+00:00');
    await deliver('OrderConfirmed', { ...OrderConfirmed.example, metadata: { ...metadata, occurredAt } });
    expect(effect.mock.calls[0]?.[0].metadata.occurredAt).toBe(metadata.occurredAt);
  });

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
    await expect(refused).rejects.toThrow(
      'detail-type: OrderShipped in version 1 is not one this listener knows',
    );
    expect(effect).not.toHaveBeenCalled();
  });

  it('refuses another major version of an event: it may mean something else', async () => {
    const { metadata, data } = OrderConfirmed.example;
    const second = { metadata: { ...metadata, schemaVersion: 2 }, data };
    await expect(deliver('OrderConfirmed', second)).rejects.toThrow(
      'detail-type: OrderConfirmed in version 2 is not one this listener knows',
    );
    expect(effect).not.toHaveBeenCalled();
  });

  it('refuses an event that breaks its contract, and names each bad field', async () => {
    const { metadata, data } = OrderConfirmed.example;
    const refused = deliver('OrderConfirmed', {
      metadata: { ...metadata, occurredAt: 'yesterday' },
      data: { ...data, totalCents: -1, trackingNumber: undefined },
    });
    await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
    await expect(refused).rejects.toThrow(
      /metadata\.occurredAt: .*data\.totalCents: .*data\.trackingNumber: /,
    );
    expect(effect).not.toHaveBeenCalled();
  });

  it('refuses an event without an id, or without an order: it could not tell it from another', async () => {
    const { metadata, data } = OrderConfirmed.example;
    await expect(deliver('OrderConfirmed', { metadata: {}, data })).rejects.toThrow(
      'detail.metadata.eventId',
    );
    await expect(deliver('OrderConfirmed', { metadata, data: {} })).rejects.toThrow('detail.data.orderId');
    await expect(deliver('OrderConfirmed', undefined)).rejects.toThrow('detail');
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
    await expect(deliver('OrderConfirmed', broken)).rejects.toThrow('data.');
    await expect(deliver('OrderConfirmed', broken)).rejects.toThrow('data.');
  });

  it('has the effect where the first one failed', async () => {
    effect.mockRejectedValueOnce(new Error('mail server away'));
    await expect(confirmed()).rejects.toThrow('mail server away');
    expect(deliveries.remembered()).toMatchObject([{ status: 'FAILED', attempts: 1, error: 'Error' }]);
    await confirmed();
    expect(effect).toHaveBeenCalledTimes(2);
    expect(deliveries.remembered()).toMatchObject([{ status: 'DONE', attempts: 2 }]);
  });

  it('has the effect where the function died half-way, once its claim has run out', async () => {
    const died = Promise.withResolvers<void>();
    effect.mockReturnValueOnce(died.promise);
    const first = confirmed();
    await new Promise(setImmediate);
    await expect(confirmed()).rejects.toBeInstanceOf(DeliveryInProgressError);
    deliveries.letClaimsRunOut();
    await confirmed();
    expect(effect).toHaveBeenCalledTimes(2);
    expect(deliveries.remembered()).toMatchObject([{ status: 'DONE', attempts: 2 }]);
    died.resolve();
    await first;
  });

  it('is not undone by the first one, where that fails when it is long too late', async () => {
    const late = Promise.withResolvers<void>();
    effect.mockReturnValueOnce(late.promise);
    const first = confirmed();
    await new Promise(setImmediate);
    deliveries.letClaimsRunOut();
    await confirmed();
    late.reject(new Error('too late'));
    await expect(first).rejects.toThrow('too late');
    expect(deliveries.remembered()).toMatchObject([{ status: 'DONE', attempts: 2 }]);
  });

  it('is refused while the first one is under way, and leaves its claim alone', async () => {
    effect.mockImplementationOnce(async () => {
      await expect(confirmed()).rejects.toBeInstanceOf(DeliveryInProgressError);
      expect(deliveries.remembered()).toMatchObject([{ status: 'STARTED', attempts: 1 }]);
    });
    await confirmed();
    expect(effect).toHaveBeenCalledTimes(1);
  });

  it('is another event where its id is another, though the rest is the same', async () => {
    await confirmed();
    await deliver('OrderConfirmed', ofAnotherOrder);
    expect(effect).toHaveBeenCalledTimes(2);
  });

  it('is known for as long as the stack says', async () => {
    const from = Math.floor(Date.now() / 1000);
    await confirmed();
    const days = ((deliveries.remembered()[0]?.expiresAt ?? 0) - from) / 86_400;
    expect(Math.round(days)).toBe(Number(process.env.REMEMBERED_DAYS));
  });
});

describe('a delivery that keeps failing', () => {
  it('is dead-lettered with the last attempt that it has', async () => {
    effect.mockRejectedValue(new TypeError('not a letter'));
    const statuses: unknown[] = [];
    for (const _ of [1, 2, 3]) {
      await expect(confirmed()).rejects.toThrow('not a letter');
      statuses.push(deliveries.remembered()[0]?.status);
    }
    expect(statuses).toEqual(['FAILED', 'FAILED', 'DEAD_LETTERED']);
    expect(deliveries.remembered()).toMatchObject([{ attempts: 3, error: 'TypeError' }]);
  });

  it('fails for its own reason where that cannot be put on record', async () => {
    effect.mockImplementationOnce(() => {
      deliveries.forget();
      return Promise.reject(new Error('mail server away'));
    });
    const lines = await logLinesOf(() => expect(confirmed()).rejects.toThrow('mail server away'));
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'WARN', message: 'failure not on record', error: 'Error' }),
    );
  });

  it('has its effect when it is given again after all', async () => {
    effect
      .mockRejectedValueOnce(new Error())
      .mockRejectedValueOnce(new Error())
      .mockRejectedValueOnce(new Error());
    for (const _ of [1, 2, 3]) await expect(confirmed()).rejects.toThrow();
    await confirmed();
    expect(deliveries.remembered()).toMatchObject([{ status: 'DONE', attempts: 4 }]);
  });

  it('is on record as refused where the event breaks its contract', async () => {
    await expect(deliver('OrderConfirmed', broken)).rejects.toThrow('data.');
    expect(deliveries.remembered()).toMatchObject([{ status: 'FAILED', error: 'InvalidInputError' }]);
  });
});

describe('the log of a listener', () => {
  it('has the ids of the event on each line, and none of an earlier one', async () => {
    const lines = await logLinesOf(async () => {
      await confirmed();
      await deliver('OrderConfirmed', ofAnotherOrder);
    });
    const { eventId, correlationId } = OrderConfirmed.example.metadata;
    const { orderId } = OrderConfirmed.example.data;
    expect(lines).toMatchObject([
      { message: 'delivered', orderId, eventId, correlationId },
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
