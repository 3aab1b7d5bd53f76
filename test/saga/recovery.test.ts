import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { STEP_NAMES } from '../../saga/steps.ts';
import type { Shop } from '../../testbed/shop.ts';
import { HAPPY, UNDONE, upTo } from './paths.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop((opened) => {
  shop = opened;
});

type Told = Awaited<ReturnType<Shop['order']>>;
const completions = ({ events }: Told) =>
  new Set(
    events
      .map((event) => event.detail.metadata.eventId)
      .filter((id) => /#Order(Confirmed|Cancelled)$/.test(String(id))),
  );

describe('an aborted execution', () => {
  it.each(STEP_NAMES)('at %s is undone in a workflow of its own', async (state) => {
    const before = await shop.available('MUG');
    const told = await shop.order({}, [{ state, attempt: 1, fault: 'abort' }]);
    expect(told.path).toEqual([...upTo(state), 'GoOn', ...UNDONE]);
    expect(told.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'ExecutionAborted' } });
    expect([told.paidCents, told.parcels.length]).toEqual([0, 0]);
    expect(await shop.available('MUG')).toBe(before);
    expect([...completions(told)]).toEqual([`${told.orderId}#OrderCancelled`]);
  });

  it('at the publication of a shipped order goes on with the publication', async () => {
    const told = await shop.order({}, [{ state: 'PublishOrderConfirmed', attempt: 1, fault: 'abort' }]);
    expect(told.path).toEqual([...HAPPY, 'GoOn', 'PublishOrderConfirmed']);
    expect([told.order.status, told.paidCents, told.parcels.length]).toEqual(['CONFIRMED', 2500, 1]);
    expect([...completions(told)]).toEqual([`${told.orderId}#OrderConfirmed`]);
  });

  it('after an undo that failed tries that undo again, and needs nobody', async () => {
    const before = await shop.available('MUG');
    const releaseFails = Array.from(
      { length: 11 },
      (_, index) => ({ state: 'ReleaseInventory', attempt: index + 1, fault: 'error-before' }) as const,
    );
    const told = await shop.order({}, [
      { state: 'CreateShipment', attempt: 1, fault: 'error-after' },
      ...releaseFails,
      { state: 'RefundPayment', attempt: 1, fault: 'abort' },
    ]);
    expect(told.path.slice(-UNDONE.length)).toEqual(UNDONE);
    expect([told.order.status, told.paidCents]).toEqual(['CANCELLED', 0]);
    expect(await shop.available('MUG')).toBe(before);
  });

  it('that is itself a recovery is recovered, and after the third an operator is called', async () => {
    const abort = (state: string) => ({ state, attempt: 1, fault: 'abort' }) as const;
    const told = await shop.order({}, [
      abort('ChargePayment'),
      ...Array.from({ length: 3 }, () => abort('CancelShipment')),
    ]);
    expect(told.faultsLeft).toBe(0);
    expect(told.order).toMatchObject({ status: 'NEEDS_ATTENTION', step: 'Recovery' });
    // It ends so again, at once: the operator is called again, not forgotten.
    shop.stack.faults.add([{ ...abort('CancelShipment'), orderId: told.orderId }]);
    expect((await shop.request('POST', `/ops/orders/${told.orderId}/resume`, {})).status).toBe(202);
    await shop.settle();
    expect((await shop.look(told.orderId)).order).toMatchObject({
      status: 'NEEDS_ATTENTION',
      step: 'Recovery',
    });
    expect((await shop.request('POST', `/ops/orders/${told.orderId}/resume`, {})).status).toBe(202);
    await shop.settle();
    const after = await shop.look(told.orderId);
    expect([after.order.status, after.paidCents]).toEqual(['CANCELLED', 0]);
  });
});

describe('a customer cancels', () => {
  const cancel = (orderId: string) => shop.request('POST', `/orders/${orderId}/cancel`);

  it('a confirmed order, twice: it is undone once', async () => {
    const before = await shop.available('MUG');
    const told = await shop.order();
    const [first, second] = await Promise.all([cancel(told.orderId), cancel(told.orderId)]);
    expect([first.status, second.status]).toEqual([202, 202]);
    await shop.settle();
    const after = await shop.look(told.orderId);
    expect(after.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'CancelledByCustomer' } });
    expect([after.paidCents, after.parcels.length]).toEqual([0, 0]);
    expect(await shop.available('MUG')).toBe(before);
    expect(after.path).toEqual([...HAPPY, 'GoOn', ...UNDONE]);
    expect(after.events.filter((event) => event['detail-type'] === 'OrderCancelled')).toHaveLength(1);
  });

  const cancelledHalfWay = async (orderId: string) => {
    shop.stack.faults.add([{ orderId, state: 'ReleaseInventory', attempt: 1, fault: 'abort' }]);
    expect(await cancel(orderId)).toMatchObject({ status: 202 });
    await shop.settle();
    const told = await shop.look(orderId);
    expect(told.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'CancelledByCustomer' } });
    expect([told.paidCents, told.parcels.length]).toEqual([0, 0]);
  };

  it('an order whose confirmation had to be gone on with: ended half-way, it is undone to the end', async () => {
    const abort = { state: 'PublishOrderConfirmed', attempt: 1, fault: 'abort' } as const;
    const told = await shop.order({}, [abort, abort]);
    expect(told.order.status).toBe('CONFIRMED');
    await cancelledHalfWay(told.orderId);
  });

  it('an order whose saga still waits for the answer to its publication: the same', async () => {
    const unanswered = Array.from(
      { length: 11 },
      (_, index) => ({ state: 'PublishOrderConfirmed', attempt: index + 1, fault: 'error-after' }) as const,
    );
    const told = await shop.order({}, unanswered);
    expect(told.order.status).toBe('CONFIRMED');
    await cancelledHalfWay(told.orderId);
  });

  it('an order that is cancelled, has left, or is under way: 409 with the reason', async () => {
    const cancelled = await shop.order({ paymentMethod: 'pm_card_declined' });
    expect(await cancel(cancelled.orderId)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('already cancelled') },
    });

    const left = await shop.order({ postalCode: '88888' });
    expect(left.order.status).toBe('CONFIRMED');
    expect(await cancel(left.orderId)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('already left') },
    });

    const { body } = await shop.request('POST', '/orders', shop.bodyOf({}));
    expect(await cancel(String(body.orderId))).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('still being worked on') },
    });
    await shop.settle();
    expect(await cancel('ord_nope')).toMatchObject({ status: 404 });
  });

  it('and where the parcel leaves in between, the order parks: nothing is refunded', async () => {
    const told = await shop.order({ postalCode: '88888' });
    await shop.startCancellation(told.orderId);
    const after = await shop.look(told.orderId);
    expect(after.order).toMatchObject({
      status: 'NEEDS_ATTENTION',
      failure: { error: 'CancelledByCustomer', parked: { error: 'ShipmentDispatchedError' } },
    });
    expect(after.paidCents).toBe(2500);
  });
});

describe('the reconciler', () => {
  const reconcile = async () => {
    const { result, error } = await shop.stack.invoke('order-saga-dev-ReconcileOrders', {
      everything: true,
    });
    expect(error).toBeUndefined();
    await shop.settle();
    const { looked: _, more: __, ...mended } = result as Record<string, unknown>;
    return mended;
  };
  const nothing = { started: [], settled: [], recovered: [], failed: [] };

  it('starts an order that was recorded and never started, once', async () => {
    const told = await shop.order({}, []);
    const orderId = await shop.recordOnly(told.orderId, `ord_${'1'.repeat(26)}`);
    expect(await reconcile()).toEqual({ ...nothing, started: [orderId] });
    expect((await shop.look(orderId)).order.status).toBe('CONFIRMED');
    expect(await reconcile()).toEqual(nothing);
  });

  it('settles a read model that missed its last event, once', async () => {
    const confirmed = await shop.order();
    const cancelled = await shop.order({ paymentMethod: 'pm_card_declined' });
    await shop.forgetOutcome(confirmed.orderId);
    await shop.forgetOutcome(cancelled.orderId);
    const mended = (await reconcile()) as unknown as { settled: string[] };
    expect(mended.settled.sort()).toEqual([confirmed.orderId, cancelled.orderId].sort());
    expect((await shop.look(confirmed.orderId)).order.status).toBe('CONFIRMED');
    expect((await shop.look(cancelled.orderId)).order).toMatchObject({
      status: 'CANCELLED',
      failure: { error: 'PaymentDeclinedError' },
    });
    expect(await reconcile()).toEqual(nothing);
  });

  it('recovers an abnormal end whose event was lost', async () => {
    shop.stack.loseStatusChanges(true);
    const told = await shop.order({}, [{ state: 'CreateShipment', attempt: 1, fault: 'abort' }]);
    shop.stack.loseStatusChanges(false);
    expect(told.order.status).toBe('NEEDS_ATTENTION');
    expect(await reconcile()).toEqual({ ...nothing, recovered: [told.orderId] });
    expect((await shop.look(told.orderId)).order.status).toBe('CANCELLED');
    expect(await reconcile()).toEqual(nothing);
  });

  it('goes on by itself with what an operator’s call has no time for', async () => {
    const { orderId: from } = await shop.order();
    const ids = Array.from({ length: 12 }, (_, index) => `ord_aef${index}`);
    for (const orderId of ids) await shop.recordOnly(from, orderId);
    const { status, body } = await shop.request('POST', '/ops/reconcile');
    expect([status, body.more]).toEqual([200, true]);
    expect((body.started as string[]).length).toBeLessThan(12);
    shop.stack.startSchedules();
    const ends = async (orderId: string): Promise<string> => {
      const { status } = (await shop.request('GET', `/orders/${orderId}`)).body;
      return status === 'PENDING' ? delay(100).then(() => ends(orderId)) : String(status);
    };
    await expect(Promise.all(ids.map(ends))).resolves.toEqual(ids.map(() => 'CONFIRMED'));
    await shop.settle();
  });
});
