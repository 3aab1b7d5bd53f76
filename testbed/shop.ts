import { setTimeout as delay } from 'node:timers/promises';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { audienceOf } from '../api/audience.ts';
import type { NewProduct } from '../catalogue/product.ts';
import type { AdapterName } from '../configuration/adapters.ts';
import { synthesize } from '../local/assembly.ts';
import type { Fault } from '../local/faults/faults.ts';
import { mailsOf } from '../local/mails.ts';
import { type LocalStackProps, startStack } from '../local/stack.ts';
import { answerErrors } from './answers.ts';
import { ON_SALE } from './wishes.ts';

export const MUG: NewProduct = {
  sku: 'MUG',
  name: 'Mug',
  unitPriceCents: 1250,
  currency: 'EUR',
  available: 1_000,
};
export const TEAPOT: NewProduct = {
  sku: 'TEAPOT',
  name: 'Teapot',
  unitPriceCents: 5900,
  currency: 'EUR',
  available: 2,
};
/** Whose the orders are: calls without a token are this customer's. */
export const CUSTOMER =
  'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_ApiCustomerPool#local-customer';

/** What wishes ask for besides. */
export const WISHED: readonly NewProduct[] = Object.entries(ON_SALE).map(([sku, available]) => ({
  ...MUG,
  sku,
  available,
}));
/** One SKU for each of many orders. */
export const shelf = (length: number): NewProduct[] =>
  Array.from({ length }, (_, index) => ({ ...MUG, sku: `SKU-${index}`, available: 1 }));

export const ADDRESS = {
  name: 'Ada Lovelace',
  line1: 'Invalidenstr. 116',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
};

interface Wish {
  readonly items?: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentMethod?: string;
  readonly postalCode?: string;
}

type Row = Record<string, unknown>;
export interface TimelineEntry {
  readonly at: string;
  readonly kind: string;
  readonly name: string;
  readonly outcome: string;
  readonly detail: { readonly attempts: number; readonly error?: string; readonly [field: string]: unknown };
}
export interface PublishedEvent {
  readonly 'detail-type': string;
  readonly detail: { readonly metadata: Row; readonly data: Row };
}

/** Earlier than any order of a run, so its turn to be looked at has come. */
const LONG_AGO = { S: '2026-01-01T00:00:00.000Z' };

/** The sandbox's payment methods by Stripe's names for such. */
const AT_STRIPE: Readonly<Record<string, string>> = { pm_card_declined: 'pm_card_visa_chargeDeclined' };

/** The whole stack, as `npm start` runs it but without delays, and a way to use it as a client would. */
export const openShop = async (
  products: readonly NewProduct[] = [MUG, TEAPOT],
  {
    timeScale = 0,
    payment,
    carrier,
    mailer,
    strictness,
    onHappening,
  }: Pick<LocalStackProps, 'timeScale' | 'strictness' | 'onHappening'> & {
    readonly payment?: AdapterName<'paymentProvider'> | undefined;
    readonly carrier?: AdapterName<'carrier'> | undefined;
    readonly mailer?: AdapterName<'mailer'>;
  } = {},
) => {
  const logs: Row[] = [];
  let isClosed = false;
  const stack = await startStack({
    assembly: await synthesize(() => {}, { paymentProvider: payment, carrier, mailer }),
    products,
    timeScale,
    ...(strictness && { strictness }),
    ...(onHappening && { onHappening }),
    onLog: (line) => {
      if (line.startsWith('{')) logs.push(JSON.parse(line));
    },
  });

  /** @throws Error if the answer is not what the OpenAPI document says */
  const request = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await stack.apis[audienceOf(path)].handle({
      method,
      url: new URL(path, 'http://shop.local'),
      headers: { 'content-type': 'application/json', ...headers },
      body: Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? '')),
    });
    const answer = { ...response, body: JSON.parse(String(response.body)) as Row };
    const errors = answerErrors({ method, path, ...answer });
    if (errors.length > 0) throw new Error(errors.join('\n'));
    return answer;
  };

  const rows = async (table: string): Promise<Row[]> =>
    (await stack.scan(table)).map((item) => unmarshall(item));

  /** What a sandbox has in its book, or what stands in for a live service in its own. */
  const booked = async (
    table: 'PaymentSandboxCharges' | 'ShipmentSandboxParcels',
  ): Promise<readonly Row[]> => {
    const told = table === 'PaymentSandboxCharges' ? stack.books.charges?.() : stack.books.parcels?.();
    return told?.map((row) => ({ ...row })) ?? rows(table);
  };

  /** Waits until nothing goes on by itself any more: no workflow, no delivery, no late handler. */
  const settle = async (): Promise<void> => {
    while (stack.underWay() > 0) {
      if (isClosed) throw new Error('the shop was closed while something was under way');
      await delay(5);
    }
  };

  /** What the payment provider calls a payment method of the sandbox's. */
  const paymentMethodOf = (method: string) => (stack.stripe ? (AT_STRIPE[method] ?? method) : method);

  const bodyOf = ({
    items = [{ sku: 'MUG', quantity: 2 }],
    paymentMethod = 'pm_card_visa',
    postalCode = '10115',
  }: Wish) => ({
    items,
    paymentMethod: paymentMethodOf(paymentMethod),
    shippingAddress: { ...ADDRESS, postalCode },
  });

  const shopTable = (TableName: string, operation: string, what: object) =>
    stack.call('DynamoDB_20120810', operation, { TableName, ...what });
  const table = (operation: string, what: object) => shopTable('RecordsOrders', operation, what);

  /** All there is to know about an order: as operators see it, and in the outside worlds. */
  const look = async (orderId: string) => {
    const { body: order } = await request('GET', `/ops/orders/${orderId}`);
    const { body: timeline } = await request('GET', `/ops/orders/${orderId}/timeline`);
    const story = timeline.entries as TimelineEntry[];
    const entries = story.filter(({ kind }) => kind === 'step');
    const charges = (await booked('PaymentSandboxCharges')).filter((charge) => charge.orderId === orderId);
    return {
      orderId,
      order,
      /** All of the timeline. */
      story,
      /** The workflows' steps alone. */
      entries,
      path: entries.map(({ name }) => name),
      /** What the order has cost at the provider, in cents. */
      paidCents: charges.reduce(
        (sum, { chargedCents, refundedCents }) => sum + Number(chargedCents) - Number(refundedCents),
        0,
      ),
      parcels: (await booked('ShipmentSandboxParcels')).filter(
        (parcel) => parcel.orderId === orderId && parcel.status === 'BOOKED',
      ),
      mails: (await mailsOf(stack)).filter((mail) => mail.orderId === orderId),
      events: (stack.published() as readonly unknown[] as PublishedEvent[]).filter(
        ({ detail }) => detail.data.orderId === orderId,
      ),
      faultsLeft: stack.faults.pending().length,
    };
  };

  return {
    stack,
    logs,
    request,
    rows,
    settle,
    paymentMethodOf,
    bodyOf,
    close: (): Promise<void> => {
      isClosed = true;
      return stack.close();
    },

    look,

    /** Places an order, lets it come to its end, and tells all there is to know about it. */
    order: async (wish: Wish = {}, faults: readonly Omit<Fault, 'orderId'>[] = []) => {
      stack.faults.add(faults);
      const placed = await request('POST', '/orders', bodyOf(wish));
      await settle();
      return look(String(placed.body.orderId));
    },

    /** A copy of an order, as a call leaves it that dies before it starts the workflow. */
    recordOnly: async (from: string, orderId: string): Promise<string> => {
      const { Item } = (await table('GetItem', { Key: { orderId: { S: from } } })) as {
        Item: Record<string, object>;
      };
      const { outcome: _, ...record } = Item;
      await table('PutItem', {
        Item: { ...record, orderId: { S: orderId }, openSince: record.placedAt, lookedAt: LONG_AGO },
      });
      const personal = (await shopTable('RecordsPersonalData', 'GetItem', {
        Key: { orderId: { S: from } },
      })) as {
        Item: Record<string, object>;
      };
      await shopTable('RecordsPersonalData', 'PutItem', {
        Item: { ...personal.Item, orderId: { S: orderId } },
      });
      return orderId;
    },

    /** Makes the order's record what it is if its last event is never delivered. */
    forgetOutcome: (orderId: string) =>
      table('UpdateItem', {
        Key: { orderId: { S: orderId } },
        UpdateExpression: 'SET openSince = placedAt, lookedAt = placedAt REMOVE outcome',
      }),

    /** Undoes an order as its customer's cancellation does, but without asking whether the parcel has left. */
    startCancellation: async (orderId: string): Promise<void> => {
      await table('UpdateItem', {
        Key: { orderId: { S: orderId } },
        UpdateExpression: 'SET openSince = placedAt, lookedAt = placedAt',
      });
      const arn = 'arn:aws:states:us-east-1:000000000000';
      const execution = await stack.call('AWSStepFunctions', 'DescribeExecution', {
        executionArn: `${arn}:execution:order-saga-dev-OrderFulfillment:${orderId}`,
      });
      const input = JSON.parse((execution as { input: string }).input);
      await stack.call('AWSStepFunctions', 'StartExecution', {
        stateMachineArn: `${arn}:stateMachine:order-saga-dev-OrderContinuation:live`,
        name: `${orderId}-1`,
        input: JSON.stringify({
          ...input,
          failure: { Error: 'CancelledByCustomer' },
          wasConfirmed: true,
          goOnFrom: 'CancelShipment',
        }),
      });
      await settle();
    },

    available: async (sku: string): Promise<number> =>
      Number((await rows('InventoryStock')).find((row) => row.sku === sku)?.available),
  };
};
export type Shop = Awaited<ReturnType<typeof openShop>>;
