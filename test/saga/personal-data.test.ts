import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERASED } from '../../lambdas/orders/api/personal-data-places.ts';
import type { DeliveryFault } from '../../local/faults/delivery-faults.ts';
import { openShop, type Shop } from '../../testbed/shop.ts';
import { dev } from '../lib/templates.ts';

/** In every field that may say who somebody is. The payment method is one that the sandbox knows: it declines any other. */
const MARKER = 'Zanzibar';
const MARKED = {
  name: `${MARKER} Name`,
  line1: `${MARKER} Street 1`,
  line2: `${MARKER} Yard`,
  city: `${MARKER} City`,
  region: `${MARKER} Region`,
  postalCode: `${MARKER}1`,
  country: 'DE',
};
const PAYMENT_METHOD = 'pm_card_visa';
const EMAIL = `${MARKER}@example.com`;

/** The one table for it. */
const PLACE = 'RecordsPersonalData';

/** What a carrier refuses quotes nothing of the address either. The sandbox refuses this postal code only. */
const NOWHERE = '00000';
const SECRETS = [/Zanzibar/, /pm_card_visa/, /pm_card_declined/, /(?<!\d)00000(?!\d)/];

let shop: Shop;
const orderIds: string[] = [];
beforeAll(async () => {
  shop = await openShop(undefined, { timeScale: 0 });
});
afterAll(() => shop.close());

const place = async (
  faults: Parameters<Shop['order']>[1] = [],
  listenerFaults: readonly DeliveryFault[] = [],
  { paymentMethod = PAYMENT_METHOD, postalCode = MARKED.postalCode } = {},
) => {
  shop.stack.faults.add(faults);
  shop.stack.deliveryFaults.add(listenerFaults);
  const authorization = await shop.stack.apis.customers.authorizationOf('local-customer', { email: EMAIL });
  const placed = await shop.request(
    'POST',
    '/orders',
    { items: [{ sku: 'MUG', quantity: 2 }], paymentMethod, shippingAddress: { ...MARKED, postalCode } },
    { authorization },
  );
  await shop.settle();
  const orderId = String(placed.body.orderId);
  orderIds.push(orderId);
  return orderId;
};
const statusOf = async (orderId: string) => (await shop.request('GET', `/ops/orders/${orderId}`)).body.status;

const refundFails = Array.from({ length: 11 }, (_, index) => ({
  state: 'RefundPayment',
  attempt: index + 1,
  fault: 'error-before' as const,
}));

/** All that the local AWS holds, and has said: by where it is. */
const everything = async (): Promise<Map<string, unknown>> => {
  const held = new Map<string, unknown>();
  for (const { logicalId } of dev.ofType('AWS::DynamoDB::Table')) {
    const table = logicalId.replace(/[0-9A-F]{8}$/, '');
    held.set(table, await shop.rows(table));
  }
  for (const { name } of shop.stack.machines()) {
    const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
    const { executions } = (await shop.stack.call('AWSStepFunctions', 'ListExecutions', {
      stateMachineArn,
    })) as {
      executions: { executionArn: string }[];
    };
    for (const { executionArn } of executions) {
      held.set(executionArn, [
        await shop.stack.call('AWSStepFunctions', 'DescribeExecution', { executionArn }),
        await shop.stack.call('AWSStepFunctions', 'GetExecutionHistory', { executionArn, maxResults: 1_000 }),
      ]);
    }
  }
  held.set('events on our bus', shop.stack.published());
  held.set('dead letters', shop.stack.deadLetters());
  held.set('logs', shop.logs);
  return held;
};
const placesOf = (held: Map<string, unknown>, secret: RegExp) =>
  [...held].filter(([, what]) => secret.test(JSON.stringify(what))).map(([where]) => where);

describe('name, addresses and payment method of an order', () => {
  beforeAll(async () => {
    const through = await place();
    expect(await statusOf(through)).toBe('CONFIRMED');

    const resumed = await place([
      { state: 'CreateShipment', attempt: 1, fault: 'error-after' },
      ...refundFails,
    ]);
    expect(await statusOf(resumed)).toBe('NEEDS_ATTENTION');
    await shop.request('POST', `/ops/orders/${resumed}/resume`, {});
    await shop.settle();
    expect(await statusOf(resumed)).toBe('CANCELLED');

    // The engine's own event about it, which holds the execution's input, ends as a dead letter.
    const aborted = await place(
      [{ state: 'CreateShipment', attempt: 1, fault: 'abort', calls: 1 }],
      [{ listener: 'recover-order', fault: 'listener-error', times: 3 }],
    );
    expect(JSON.stringify(shop.stack.deadLetters())).toContain('Step Functions Execution Status Change');
    await shop.request('POST', '/ops/reconcile');
    await shop.settle();
    expect(await statusOf(aborted)).toBe('CANCELLED');

    const unheard = await place([], [{ listener: 'notify-customer', fault: 'listener-error', times: 3 }]);
    expect(JSON.stringify(shop.stack.deadLetters())).toContain('OrderConfirmed');
    expect(await statusOf(unheard)).toBe('CONFIRMED');

    for (const refused of [{ paymentMethod: 'pm_card_declined' }, { postalCode: NOWHERE }])
      expect(await statusOf(await place([], [], refused))).toBe('CANCELLED');

    await shop.request('POST', '/ops/replays', {
      from: new Date(Date.now() - 60_000).toISOString(),
      to: new Date(Date.now() + 1_000).toISOString(),
    });
    await shop.settle();
  });

  it('lie where docs/personal-data.md says', () => {
    expect(ERASED.map(({ place }) => place)).toContain(`the table ${PLACE.replace('Records', '')}`);
  });

  it('are all on record', async () => {
    expect(await shop.rows(PLACE)).toContainEqual(
      expect.objectContaining({ paymentMethod: PAYMENT_METHOD, shippingAddress: MARKED, email: EMAIL }),
    );
  });

  it.each(SECRETS)(
    'lie in one table, and in nothing else that the stack holds, hands on or says: %s',
    async (secret) => {
      expect(placesOf(await everything(), secret)).toEqual([PLACE]);
    },
  );

  it('lie nowhere once they are erased, and the books are as they were', async () => {
    const books = async () => {
      const [orders, stock, charges] = await Promise.all(
        ['RecordsOrders', 'InventoryStock', 'PaymentSandboxCharges'].map((table) => shop.rows(table)),
      );
      return { orders: orders?.map(({ erased: _, requestHash: __, ...order }) => order), stock, charges };
    };
    const before = await books();
    for (const orderId of orderIds) {
      const answer = await shop.request('POST', `/ops/orders/${orderId}/erase`, {});
      expect(answer).toMatchObject({ status: 200, body: { orderId, erasedBy: 'local-operator' } });
    }
    const held = await everything();
    for (const secret of SECRETS) expect(placesOf(held, secret)).toEqual([]);
    expect(await shop.rows(PLACE)).toEqual([]);
    expect(await books()).toEqual(before);
  });

  it('are not needed to undo an order after that', async () => {
    const [confirmed = ''] = orderIds;
    await expect(shop.request('POST', `/orders/${confirmed}/cancel`)).resolves.toMatchObject({ status: 202 });
    await shop.settle();
    expect(await shop.look(confirmed)).toMatchObject({
      order: { status: 'CANCELLED' },
      paidCents: 0,
      parcels: [],
    });
  });

  it('are not written a second time where the order is sent again', async () => {
    const send = () =>
      shop.request(
        'POST',
        '/orders',
        { items: [{ sku: 'MUG', quantity: 1 }], paymentMethod: PAYMENT_METHOD, shippingAddress: MARKED },
        { 'idempotency-key': 'once' },
      );
    const first = await send();
    await shop.settle();
    await shop.request('POST', `/ops/orders/${first.body.orderId}/erase`, {});
    await expect(send()).resolves.toMatchObject({ status: 202, body: first.body });
    expect(JSON.stringify(await shop.rows(PLACE))).not.toContain(first.body.orderId);
  });
});
