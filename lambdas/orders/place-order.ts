import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { type ApiCall, api, type FieldError, Problem } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type Catalogue, catalogueTable, type Product } from './catalogue.ts';
import { type OrderRecord, type OrderTable, orderTable } from './order.ts';
import { type Workflow, WorkflowEnv, workflow } from './workflow.ts';

const Line = z.strictObject({ sku: z.string().min(1).max(64), quantity: z.int().min(1).max(1_000) });

/** 50 lines: with the reservation itself they fit in one DynamoDB transaction (100 items), with room to grow. */
const PlaceOrderBody = z.strictObject({
  items: z
    .array(Line)
    .min(1)
    .max(50)
    .superRefine((items, context) => {
      const seen = new Set<string>();
      for (const [line, { sku }] of items.entries()) {
        if (seen.has(sku))
          context.addIssue({ code: 'custom', path: [line, 'sku'], message: 'appears twice' });
        seen.add(sku);
      }
    }),
  paymentMethod: z.string().min(1).max(64),
  shippingAddress: z.strictObject({
    name: z.string().min(1).max(100),
    line1: z.string().min(1).max(100),
    line2: z.string().min(1).max(100).optional(),
    city: z.string().min(1).max(100),
    region: z.string().min(1).max(100).optional(),
    postalCode: z.string().min(1).max(16),
    country: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters (ISO 3166-1)'),
  }),
});
type PlaceOrderBody = z.infer<typeof PlaceOrderBody>;

const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,128}$/;

/** `ord_` and 26 hexadecimal digits: from caller and key, so that two calls make one order; random without a key. */
const orderIdFor = (customerId: string, key: string | undefined): string =>
  `ord_${createHash('sha256')
    .update(JSON.stringify([customerId, key ?? randomUUID()]))
    .digest('hex')
    .slice(0, 26)}`;

const idempotencyKeyOf = ({ header }: ApiCall): string | undefined => {
  const key = header('idempotency-key');
  if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
    throw new Problem(400, 'Bad Request', 'the Idempotency-Key header is not valid', [
      { field: 'Idempotency-Key', message: 'must be 1 to 128 printable characters without spaces' },
    ]);
  }
  return key;
};

/** The lines at the catalogue's prices. @throws Problem 400 naming each unknown SKU, or a second currency */
const price = ({ items }: PlaceOrderBody, products: ReadonlyMap<string, Product>) => {
  const errors: FieldError[] = [];
  const currency = products.get(items.find(({ sku }) => products.has(sku))?.sku ?? '')?.currency;
  const lines = items.map(({ sku, quantity }, line) => {
    const product = products.get(sku);
    if (!product) errors.push({ field: `items[${line}].sku`, message: `${sku} is not in the catalogue` });
    else if (product.currency !== currency) {
      errors.push({
        field: `items[${line}].sku`,
        message: `is sold in ${product.currency}, the first item in ${currency}`,
      });
    }
    return { sku, quantity, unitPriceCents: product?.unitPriceCents ?? 0 };
  });
  if (errors.length > 0 || !currency)
    throw new Problem(400, 'Bad Request', 'some items cannot be ordered', errors);
  return {
    items: lines,
    totalCents: lines.reduce((sum, { quantity, unitPriceCents }) => sum + quantity * unitPriceCents, 0),
    currency,
  };
};

interface Deps {
  readonly orders: OrderTable;
  readonly catalogue: Catalogue;
  readonly workflow: Workflow;
}

/** Records the order, then starts its workflow. Repeated under the same key it answers the same, and mends a start that was lost. */
export const placeOrder =
  ({ orders, catalogue, workflow }: Deps) =>
  async (call: ApiCall) => {
    const { customerId, correlationId } = call;
    const key = idempotencyKeyOf(call);
    const body = call.body(PlaceOrderBody);
    const orderId = orderIdFor(customerId, key);
    const requestHash = createHash('sha256').update(JSON.stringify(body)).digest('hex');

    const placedAt = new Date().toISOString();
    const asPlaced = async (): Promise<OrderRecord> =>
      orders.putOnce({
        orderId,
        customerId,
        correlationId,
        ...price(body, await catalogue.find(body.items.map(({ sku }) => sku))),
        paymentMethod: body.paymentMethod,
        shippingAddress: body.shippingAddress as Record<string, string>,
        placedAt,
        openSince: placedAt,
        requestHash,
      });
    // A repeat is answered from the record, whatever has become of the catalogue since.
    const record = (key && (await orders.get(orderId))) || (await asPlaced());

    if (record.requestHash !== requestHash) {
      throw new Problem(
        422,
        'Unprocessable Content',
        'this Idempotency-Key was used before with another body',
      );
    }
    if (!record.outcome) await workflow.start(record);
    const { totalCents, currency } = record;
    return {
      status: 202,
      headers: { location: `/orders/${orderId}` },
      body: { orderId, correlationId: record.correlationId, status: 'PENDING', totalCents, currency },
    };
  };

const { ORDERS_TABLE, CATALOGUE_TABLE, ...arns } = env(
  WorkflowEnv.extend({ ORDERS_TABLE: ResourceName, CATALOGUE_TABLE: ResourceName }),
);
export const handler = api(
  placeOrder({
    orders: orderTable(ORDERS_TABLE),
    catalogue: catalogueTable(CATALOGUE_TABLE),
    workflow: workflow(arns),
  }),
);
