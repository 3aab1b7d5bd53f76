import { describe, expect, it } from '@jest/globals';
import { OrderNeedsAttention } from '../../events/order-needs-attention.ts';
import type { Fault } from '../../local/faults/faults.ts';
import { FIRST_UNDO, STEP_NAMES, UNDOS } from '../../saga/steps.ts';
import { openShop, type Shop } from '../../testbed/shop.ts';
import { dev } from '../lib/templates.ts';
import { HAPPY, UNDONE } from './paths.ts';
import { sharedShop } from './shared-shop.ts';

let shop: Shop;
sharedShop((opened) => {
  shop = opened;
});

/** All attempts of an undo or a publication fail. */
const failing = (state: string, fault: Fault['fault'] = 'error-before'): Omit<Fault, 'orderId'>[] =>
  Array.from({ length: 11 }, (_, index) => ({ state, attempt: index + 1, fault }));

/** All that there is was done, and has to be undone. */
const lastStepTimesOut = { state: STEP_NAMES.at(-1) ?? '', attempt: 1, fault: 'error-after' } as const;

const resume = async (orderId: string, body: object = {}) => {
  const answer = await shop.request('POST', `/ops/orders/${orderId}/resume`, body);
  await shop.settle();
  return answer;
};
/** All entries of the order, in whatever ledger, that were settled by hand. */
const settledByHand = async (orderId: string) => {
  const tables = dev.ofType('AWS::DynamoDB::Table').map(({ ref }) => ref);
  const rows = (await Promise.all(tables.map((table) => shop.rows(table)))).flat();
  return rows.filter((row) => row.orderId === orderId && row.resolution);
};

/** The undos that are tried where one fails, and what follows before the order parks. */
const undosAround = (undo: string): readonly string[] => {
  if (undo === FIRST_UNDO) return [undo];
  return undo === UNDOS.at(-1) ? UNDOS : [...UNDOS, 'IsEverythingUndone'];
};

describe.each(UNDOS)('%s, which fails for long,', (undo) => {
  it('parks the order; resumed, it goes through', async () => {
    const before = await shop.available('MUG');
    const told = await shop.order({}, [lastStepTimesOut, ...failing(undo)]);
    expect(told.faultsLeft).toBe(0);
    expect(told.path).toEqual([...STEP_NAMES, ...undosAround(undo), 'ParkUndo']);
    expect(told.order).toMatchObject({
      status: 'NEEDS_ATTENTION',
      step: 'ParkUndo',
      failure: { error: 'InjectedError' },
    });
    expect(told.events.map((event) => event['detail-type'])).toEqual(['OrderNeedsAttention']);
    expect(OrderNeedsAttention.detail.parse(told.events[0]?.detail).data).toMatchObject({
      state: 'ParkUndo',
    });

    const { body } = await shop.request('GET', '/ops/orders/parked');
    expect(body.orders).toMatchObject([{ orderId: told.orderId, state: 'ParkUndo', error: 'InjectedError' }]);

    expect(await resume(told.orderId)).toMatchObject({ status: 202 });
    const after = await shop.look(told.orderId);
    expect(after.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'InjectedError' } });
    expect([after.paidCents, after.parcels]).toEqual([0, []]);
    expect(await shop.available('MUG')).toBe(before);
    expect(after.path.slice(told.path.length)).toEqual(['IsKept', 'RetryUndo', ...UNDONE]);
    expect((await shop.request('GET', '/ops/orders/parked')).body.orders).toEqual([]);
    expect(await resume(told.orderId)).toMatchObject({ status: 409 });
  });

  it('may be settled by hand: recorded with its note, and not done again', async () => {
    const { orderId } = await shop.order({}, [lastStepTimesOut, ...failing(undo)]);
    const resolutions = { [undo]: { note: 'settled by hand' } };
    expect(await resume(orderId, { resolutions })).toMatchObject({ status: 202 });
    expect((await shop.look(orderId)).order.status).toBe('CANCELLED');
    expect(await settledByHand(orderId)).toMatchObject([
      { resolution: { note: 'settled by hand', by: 'local-operator' } },
    ]);
  });
});

describe('a refund that fails for long', () => {
  it('leaves the money where it is; settled by hand, it is not given back a second time', async () => {
    const told = await shop.order({}, [lastStepTimesOut, ...failing('RefundPayment')]);
    expect(told.paidCents).toBe(2500);
    await resume(told.orderId, { resolutions: { RefundPayment: { note: 'refunded by hand' } } });
    // The sandbox provider was not asked: the money went back another way.
    expect((await shop.look(told.orderId)).paidCents).toBe(2500);
    expect(await settledByHand(told.orderId)).toMatchObject([{ state: 'REFUNDED', amountCents: 2500 }]);
  });

  it('refuses a resolution of what is not an undo', async () => {
    const told = await shop.order({}, [lastStepTimesOut, ...failing('RefundPayment')]);
    expect(await resume(told.orderId, { resolutions: { ChargePayment: { note: 'x' } } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'resolutions.ChargePayment' }] },
    });
    await resume(told.orderId);
  });
});

describe('a shipment that cannot be cancelled', () => {
  it('parks at once: nothing is refunded that may still ship', async () => {
    const before = await shop.available('MUG');
    const told = await shop.order({}, [lastStepTimesOut, ...failing('CancelShipment')]);
    expect([told.paidCents, told.parcels.length]).toEqual([2500, 1]);
    await resume(told.orderId);
    const after = await shop.look(told.orderId);
    expect([after.order.status, after.paidCents, after.parcels.length]).toEqual(['CANCELLED', 0, 0]);
    expect(await shop.available('MUG')).toBe(before);
  });
});

describe('goods that cannot be released', () => {
  it('do not keep the money back: refunded first, then parked', async () => {
    const before = await shop.available('MUG');
    const told = await shop.order({}, [lastStepTimesOut, ...failing('ReleaseInventory')]);
    expect(told.paidCents).toBe(0);
    expect(await shop.available('MUG')).toBe(before - 2);
    await resume(told.orderId);
    expect((await shop.look(told.orderId)).order.status).toBe('CANCELLED');
    expect(await shop.available('MUG')).toBe(before);
  });
});

describe('a publication that fails for long', () => {
  it('of a shipped order parks, and resumes there; nothing is undone', async () => {
    const told = await shop.order({}, failing('PublishOrderConfirmed'));
    expect(told.path).toEqual([...HAPPY, 'ParkConfirmation']);
    await resume(told.orderId);
    const after = await shop.look(told.orderId);
    expect(after.path).toEqual([...HAPPY, 'ParkConfirmation', 'PublishOrderConfirmed']);
    expect([after.order.status, after.paidCents, after.parcels.length]).toEqual(['CONFIRMED', 2500, 1]);
  });

  it('of a cancelled order parks, and resumes there', async () => {
    const told = await shop.order(
      { paymentMethod: 'pm_card_declined' },
      failing('PublishOrderCancelled', 'error-after'),
    );
    expect(told.path).toEqual(['ChargePayment', 'PublishOrderCancelled', 'ParkCancellation']);
    await resume(told.orderId);
    const after = await shop.look(told.orderId);
    expect(after.order.status).toBe('CANCELLED');
    expect(
      new Set(
        after.events
          .map(({ detail }) => detail.metadata.eventId)
          .filter((id) => String(id).endsWith('OrderCancelled')),
      ).size,
    ).toBe(1);
    expect(after.mails).toHaveLength(1);
  });
});

describe('parking itself', () => {
  it('is tried again where it fails, and where that does not help the order is undone in another workflow', async () => {
    const told = await shop.order({}, [
      lastStepTimesOut,
      ...failing('RefundPayment'),
      ...failing('ParkUndo'),
    ]);
    expect(told.faultsLeft).toBe(0);
    expect(told.path.slice(-(UNDONE.length + 2))).toEqual(['ParkUndo', 'GoOn', ...UNDONE]);
    expect(told.order.status).toBe('CANCELLED');
    expect(told.paidCents).toBe(0);
  });
});

describe('a parking that comes late', () => {
  it('leaves no order parked that has ended', async () => {
    const told = await shop.order({}, [
      lastStepTimesOut,
      ...failing('RefundPayment'),
      { state: 'ParkUndo', attempt: 1, fault: 'timeout-after', until: 'PublishOrderCancelled' },
    ]);
    expect(told.faultsLeft).toBe(0);
    expect(told.order.status).toBe('CANCELLED');
    expect((await shop.request('GET', '/ops/orders/parked')).body.orders).toEqual([]);
  });
});

describe('the daily time-out of the wait', () => {
  it('resumes by itself', async () => {
    // A day in a fifth of a second; the retries of the refund scale with it.
    const hasty = await openShop(undefined, { timeScale: 0.2 / 86_400 });
    try {
      const told = await hasty.order({}, [lastStepTimesOut, ...failing('RefundPayment')]);
      while ((await hasty.look(told.orderId)).order.status !== 'CANCELLED') await hasty.settle();
      const after = await hasty.look(told.orderId);
      expect(after.path).toEqual(expect.arrayContaining(['ParkUndo', 'RetryUndo']));
      expect(after.paidCents).toBe(0);
    } finally {
      await hasty.close();
    }
  });
});

describe('a parking that fails for long', () => {
  it.each<[string, Omit<Fault, 'orderId'>[], string, string]>([
    ['of an undo', [lastStepTimesOut, ...failing('RefundPayment')], 'ParkUndo', 'CANCELLED'],
    ['of a confirmation', failing('PublishOrderConfirmed'), 'ParkConfirmation', 'CONFIRMED'],
  ])(
    '%s ends its workflow, and the order goes on in another one: never unseen',
    async (_, faults, park, end) => {
      const told = await shop.order({}, [...faults, ...failing(park)]);
      expect(told.faultsLeft).toBe(0);
      expect(told.order.status).toBe(end);
      // The execution that could not park has ended, abnormally, and is counted: an operator is called.
      expect(told.path.filter((name) => name === park)).toEqual([park]);
      const counted = shop.logs.filter((line) => line.orderId === told.orderId && 'AbnormalEnds' in line);
      expect(counted).toMatchObject([{ AbnormalEnds: 1, execution: told.orderId }]);
    },
  );

  it('again and again parks the order without a workflow', async () => {
    const once = [...failing('RefundPayment'), ...failing('ParkUndo')];
    const told = await shop.order({}, [lastStepTimesOut, ...once, ...once, ...once, ...once]);
    expect(told.order).toMatchObject({ status: 'NEEDS_ATTENTION', step: 'Recovery' });
    const { body } = await shop.request('GET', '/ops/orders/parked');
    expect(body.orders).toContainEqual(expect.objectContaining({ orderId: told.orderId, state: 'Recovery' }));
    expect(await resume(told.orderId)).toMatchObject({ status: 202 });
    expect((await shop.look(told.orderId)).order.status).toBe('CANCELLED');
  });
});

describe('a parked order that is resumed', () => {
  const refundHasFailed = () => shop.order({}, [lastStepTimesOut, ...failing('RefundPayment')]);

  it('by several operators at once goes on once', async () => {
    const { orderId } = await refundHasFailed();
    const answers = await Promise.all([1, 2, 3].map(() => resume(orderId)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    const { story, order } = await shop.look(orderId);
    expect(order.status).toBe('CANCELLED');
    expect(story.filter(({ outcome }) => outcome === 'resumed')).toHaveLength(1);
  });

  it('and whose workflow is then ended from outside keeps why it was undone, who resumed it and their note', async () => {
    const { orderId, order } = await refundHasFailed();
    shop.stack.faults.add([{ orderId, state: 'CancelShipment', attempt: 1, fault: 'abort' }]);
    await resume(orderId, { resolutions: { RefundPayment: { note: 'in cash' } } });
    const after = await shop.look(orderId);
    expect(after.order).toMatchObject({
      status: 'CANCELLED',
      failure: order.failure && { error: 'InjectedError' },
    });
    expect(after.story).toContainEqual(
      expect.objectContaining({
        kind: 'parking',
        outcome: 'resumed',
        detail: { by: 'local-operator', note: 'RefundPayment: in cash' },
      }),
    );
  });
});

describe('a release of what the stock has no row for any more', () => {
  const stock = (operation: string, what: object) =>
    shop.stack.call('DynamoDB_20120810', operation, { TableName: 'InventoryStock', ...what });
  const mug = { sku: { S: 'MUG' } };

  it('is not tried again: refunded, the order parks for that reason, and resumes once there is one', async () => {
    await stock('DeleteItem', { Key: mug });
    const never = await shop.order();
    expect(never.order).toMatchObject({ status: 'CANCELLED', failure: { error: 'OutOfStockError' } });

    await stock('PutItem', { Item: { ...mug, available: { N: '9' } } });
    const told = await shop.order({}, [lastStepTimesOut, ...failing('CancelShipment')]);
    await stock('DeleteItem', { Key: mug });
    await resume(told.orderId);
    const parked = await shop.look(told.orderId);
    expect(parked.path.slice(told.path.length)).toEqual([
      'IsKept',
      'RetryUndo',
      ...UNDOS,
      'IsEverythingUndone',
      'ParkUndo',
    ]);
    expect(parked.order).toMatchObject({
      status: 'NEEDS_ATTENTION',
      failure: { parked: { error: 'StockMissingError' } },
    });
    expect(parked.paidCents).toBe(0);

    await stock('PutItem', { Item: { ...mug, available: { N: '7' } } });
    await resume(told.orderId);
    expect((await shop.look(told.orderId)).order).toMatchObject({ status: 'CANCELLED' });
    expect(await shop.available('MUG')).toBe(9);
  });
});
