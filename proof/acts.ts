import { setTimeout as delay } from 'node:timers/promises';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { STEPS, UNDOS, type UndoName } from '../saga/steps.ts';
import type { Shop } from '../testbed/shop.ts';
import { EFFECT_NAMES, type Effect, effectOf } from './effects.ts';

type Row = Readonly<Record<string, unknown>>;

/** An order, and those who do something with it. */
export interface Customer {
  readonly shop: Shop;
  readonly orderId: string;
  /** The order that took the same goods first, if one did. */
  readonly rivalId: string;
  /** Places the order again, by the same request. */
  readonly place: () => Promise<Answer>;
  /** Takes an answer that nobody should have been given. */
  readonly onWrong: (what: string) => void;
  /** Whether others act on the order at the same time: then a refusal is as good an answer. */
  readonly isContested: () => boolean;
  /** A request to cancel the order was accepted. */
  readonly onCancelling: () => void;
}

export interface Answer {
  readonly status: number;
  readonly body: Row;
}

/** Longer than any wait in the code: for a turn, a claim, an abandoned word. */
const A_WHILE_MS = 10 * 60_000;
/** How often a client asks that gets no answer, or a server error. */
const ASKS = 5;

const call = ({ shop }: Pick<Customer, 'shop'>, operation: string, request: Row) =>
  shop.stack.call('DynamoDB_20120810', operation, request);

/** A row, read consistently. */
export const rowOf = async (
  shop: Shop,
  TableName: string,
  Key: Readonly<Record<string, AttributeValue>>,
): Promise<Row | undefined> => {
  const { Item } = (await call({ shop }, 'GetItem', { TableName, Key, ConsistentRead: true })) as {
    Item?: Record<string, AttributeValue>;
  };
  return Item && unmarshall(Item);
};
const byOrder = ({ orderId }: Pick<Customer, 'orderId'>) => ({ orderId: { S: orderId } });
export const recordOf = ({ shop, orderId }: Pick<Customer, 'shop' | 'orderId'>) =>
  rowOf(shop, 'RecordsOrders', byOrder({ orderId }));

/** A change by hand; none if its condition does not hold. */
const change = async (customer: Customer, TableName: string, Key: Row, how: Row): Promise<void> => {
  await call(customer, 'UpdateItem', { TableName, Key, ...how }).catch((error: Error) => {
    if (error.name !== 'ConditionalCheckFailedException') throw error;
  });
};

const earlier = (at: string) => ({ S: new Date(Date.parse(at) - A_WHILE_MS).toISOString() });

/** Lets a while pass for this order alone, by setting back what is compared with a clock. */
export const letAWhilePass = async (customer: Customer): Promise<void> => {
  const { lookedAt, openSince, parkedAt, resumptions } = ((await recordOf(customer)) ?? {}) as {
    lookedAt?: string;
    openSince?: string;
    parkedAt?: string;
    resumptions?: Readonly<Record<string, { readonly at: string }>>;
  };
  if (lookedAt && openSince)
    await change(customer, 'RecordsOrders', byOrder(customer), {
      UpdateExpression: 'SET lookedAt = :lookedAt, openSince = :openSince',
      ConditionExpression: 'lookedAt = :now',
      ExpressionAttributeValues: {
        ':lookedAt': earlier(lookedAt),
        ':openSince': earlier(openSince),
        ':now': { S: lookedAt },
      },
    });
  const word = parkedAt && resumptions?.[parkedAt];
  if (word)
    await change(customer, 'RecordsOrders', byOrder(customer), {
      UpdateExpression: 'SET resumptions.#wait.#at = :at',
      ConditionExpression: 'attribute_exists(resumptions.#wait)',
      ExpressionAttributeNames: { '#wait': parkedAt, '#at': 'at' },
      ExpressionAttributeValues: { ':at': earlier(word.at) },
    });
};

/**
 * Asks as a client does: again if there is no answer, or a server error.
 * @returns the last answer, and how often it asked
 */
export const ask = async (send: () => Promise<Answer>): Promise<Answer & { readonly asks: number }> => {
  for (let asks = 1; ; asks += 1) {
    const answer = await send();
    if (answer.status < 500 || asks === ASKS) return { ...answer, asks };
    await delay(20);
  }
};
const isProblem = ({ body }: Answer, name: string) => String(body.type).endsWith(`:${name}`);
const said = ({ status, body }: Answer) => `${status} ${JSON.stringify(body)}`;

export const place = async (customer: Customer): Promise<void> => {
  const answer = await ask(customer.place);
  if (answer.status !== 202 || answer.body.orderId !== customer.orderId)
    customer.onWrong(`placing was answered ${said(answer)}`);
};

const isRefused = (customer: Customer, { status }: Answer): boolean =>
  customer.isContested() && status >= 400 && status < 500;

const cancel = async (
  customer: Customer,
  path: string,
  orderId: string,
  onCancelling = () => {},
): Promise<void> => {
  const { shop } = customer;
  const answer = await ask(() => shop.request('POST', `${path}/${orderId}/cancel`));
  if (answer.status === 202) return onCancelling();
  // A call of a step went wrong, and the order is not confirmed.
  if (isProblem(answer, 'order-in-progress') && !(await recordOf({ shop, orderId }))?.outcome) return;
  // It was undone before it could be cancelled.
  if (isProblem(answer, 'order-already-cancelled') || isRefused(customer, answer)) return;
  customer.onWrong(`cancelling was answered ${said(answer)}`);
};

const resume = async (customer: Customer, word: Row = {}): Promise<void> => {
  const { shop, orderId, onWrong } = customer;
  if (!(await recordOf(customer))?.parkedAt) return;
  const path = `/ops/orders/${orderId}/resume`;
  for (let words = 1; ; words += 1) {
    const answer = await ask(() => shop.request('POST', path, word));
    if (answer.status === 202) return;
    // An earlier word of ours may have taken effect without being answered: by now the order no longer waits, or for
    // something else.
    const isOver =
      isProblem(answer, 'order-not-parked') || (word.keep && isProblem(answer, 'invalid-fields'));
    const isHeard = isOver && words * answer.asks > 1;
    if (isHeard) return;
    // An earlier word of our own, abandoned half-way.
    if (!isProblem(answer, 'order-being-resumed') || words === ASKS)
      return isRefused(customer, answer) ? undefined : onWrong(`resuming was answered ${said(answer)}`);
    await letAWhilePass(customer);
  }
};

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

const stripeOf = ({ stack }: Shop) => {
  if (!stack.stripe) throw new Error('Stripe is not the payment provider');
  return stack.stripe;
};

const settlePayment = ({ shop, orderId }: Customer, isPaid: boolean): void => {
  const stripe = stripeOf(shop);
  for (const { id, metadata, status } of stripe.books().intents.values())
    if (metadata.orderId === orderId && ['requires_action', 'processing'].includes(status))
      stripe.settle(id, isPaid);
};

/** By an operator's hand, in the dashboard. */
const refundAtStripe = async ({ shop, orderId }: Customer): Promise<void> => {
  const stripe = stripeOf(shop);
  for (const { intentId } of stripe.charges().filter((charge) => charge.orderId === orderId))
    await stripe.handle({
      method: 'POST',
      url: new URL('https://api.stripe.com/v1/refunds'),
      headers: { authorization: 'Bearer sk_test_local' },
      body: Buffer.from(`payment_intent=${intentId}`),
    });
};

/** The same, of what stands of an effect in the book of its outside, if anything does. */
const changeStanding = async (customer: Customer, effect: Effect, how: Row): Promise<void> => {
  const { table, partitionKey, stands } = effectOf(effect).book;
  for (const row of await customer.shop.rows(table)) {
    if (row.orderId !== customer.orderId || !stands(row)) continue;
    await change(customer, table, { [partitionKey]: { S: row[partitionKey] } }, how);
  }
};

/** What an operator does in the outside world before skipping an undo: there the effect is undone by hand. */
const BY_HAND: Readonly<Record<string, (customer: Customer) => Promise<void>>> = {
  ...Object.fromEntries(
    EFFECT_NAMES.map((effect) => {
      const { step, book } = effectOf(effect);
      const byHand = (customer: Customer) =>
        effect === 'payment' && customer.shop.stack.stripe
          ? refundAtStripe(customer)
          : changeStanding(customer, effect, book.byHand);
      return [STEPS[step].undo.name, byHand];
    }),
  ),
  ReleaseInventory: async (customer) => {
    const reservation = await rowOf(customer.shop, 'InventoryReservations', byOrder(customer));
    if (reservation?.state !== 'RESERVED') return;
    for (const { sku, quantity } of reservation.items as Line[])
      await change(
        customer,
        'InventoryStock',
        { sku: { S: sku } },
        {
          UpdateExpression: 'SET available = available + :quantity',
          ExpressionAttributeValues: { ':quantity': { N: `${quantity}` } },
        },
      );
  },
};

const skip = async (customer: Customer, undo: string): Promise<void> => {
  const parking = (await recordOf(customer))?.parking as { state: string } | undefined;
  if (parking?.state !== 'ParkUndo' && parking?.state !== 'Recovery') return resume(customer);
  await BY_HAND[undo]?.(customer);
  await resume(customer, { resolutions: { [undo]: { note: 'settled by hand' } } });
};

type Skip = `skip ${UndoName}`;
const SKIPS = Object.fromEntries(
  UNDOS.map((undo) => [`skip ${undo}`, (customer: Customer) => skip(customer, undo)]),
) as Readonly<Record<Skip, (customer: Customer) => Promise<void>>>;

/** An order that waits because its parcel has left is kept; any other goes on. */
const keep = async (customer: Customer): Promise<void> => {
  const { state, error } = ((await recordOf(customer))?.parking ?? {}) as { state?: string; error?: string };
  const hasLeft = state === 'ParkUndo' && error === 'ShipmentDispatchedError';
  await resume(customer, hasLeft ? { keep: { note: 'it is on its way' } } : {});
};

const personal = (customer: Customer, UpdateExpression: string, value: string) =>
  change(customer, 'RecordsPersonalData', byOrder(customer), {
    UpdateExpression,
    ExpressionAttributeValues: { ':value': { S: value } },
  });

const passes = new WeakMap<Shop, Promise<void>>();
/** A pass looks at every order whose turn it is, so there is one pass at a time. */
const oneAtATime = (shop: Shop, work: () => Promise<void>): Promise<void> => {
  const next = (passes.get(shop) ?? Promise.resolve()).then(work);
  passes.set(
    shop,
    next.catch(() => {}),
  );
  return next;
};

/** Everything anybody does with an order. */
export const ACTS = {
  'place again': place,
  cancel: (customer: Customer) => cancel(customer, '/orders', customer.orderId, customer.onCancelling),
  'cancel as operator': (customer: Customer) =>
    cancel(customer, '/ops/orders', customer.orderId, customer.onCancelling),
  'let the rival cancel': (customer: Customer) => cancel(customer, '/orders', customer.rivalId),
  resume: (customer: Customer) => resume(customer),
  keep,
  ...SKIPS,
  /** A pass when it is the order's turn. If it fails, the schedule's next one follows. */
  reconcile: (customer: Customer): Promise<void> =>
    oneAtATime(customer.shop, async () => {
      for (let passes = 1; passes <= ASKS; passes += 1) {
        await letAWhilePass(customer);
        // Until the index has caught up.
        while (customer.shop.stack.underWay(customer.orderId) > 0) await delay(5);
        const { error } = await customer.shop.stack.invoke('order-saga-dev-ReconcileOrders', {});
        if (!error) return;
      }
      customer.onWrong('no pass over the orders went through');
    }),
  /** Ends its running workflows from outside. */
  stop: async ({ shop, orderId }: Customer): Promise<void> => {
    const running = () => shop.stack.executionsOf(orderId).filter(({ status }) => status === 'RUNNING');
    const stopped = running().map(({ arn }) => arn);
    for (const executionArn of stopped)
      await shop.stack.call('AWSStepFunctions', 'StopExecution', { executionArn });
    // Until its end is known, the workflow does not count as under way.
    while (running().some(({ arn }) => stopped.includes(arn))) await delay(1);
  },
  'forget the outcome': async (customer: Customer): Promise<void> => {
    if ((await recordOf(customer))?.outcome) await customer.shop.forgetOutcome(customer.orderId);
  },
  'let the parcel leave': (customer: Customer) =>
    changeStanding(customer, 'shipment', {
      UpdateExpression: 'SET #status = :dispatched',
      ConditionExpression: '#status = :booked',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':booked': { S: 'BOOKED' }, ':dispatched': { S: 'DISPATCHED' } },
    }),
  'block the card': (customer: Customer) =>
    personal(customer, 'SET paymentMethod = :value', customer.shop.paymentMethodOf('pm_card_declined')),
  /** The customer authenticates, or the bank debits the account; where neither is asked yet, or any more, nothing. */
  pay: async (customer: Customer) => settlePayment(customer, true),
  'fail to pay': async (customer: Customer) => settlePayment(customer, false),
  /** More than a day goes by at Stripe. */
  'forget the keys': async ({ shop }: Customer) => stripeOf(shop).forgetKeys(),
  'lose the address': (customer: Customer) =>
    personal(customer, 'SET shippingAddress.postalCode = :value', '00000'),
} satisfies Readonly<Record<string, (customer: Customer) => Promise<void>>>;
export type Act = keyof typeof ACTS;
