import { createHash } from 'node:crypto';
import type { FieldError } from '../../../api/problem-details.ts';
import { IdempotencyKey } from '../../../api/requests/headers.ts';
import { PlaceOrder } from '../../../api/requests/place-order.ts';
import type { AnswerTo } from '../../../api/routes.ts';
import type { Product } from '../../../catalogue/product.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { logger } from '../../runtime/logger.ts';
import { PersonalDataEnv } from '../../runtime/personal-data.ts';
import { Problem } from '../../runtime/problem.ts';
import { type OrderRecord, openedAt } from '../order.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { type OrdersWithPersonalData, withPersonalData } from '../personal-data.ts';
import { type Workflow, WorkflowEnv, workflow } from '../workflow/workflow.ts';
import { type Catalogue, catalogueTable } from './catalogue.ts';
import { orderIdFor } from './order-id.ts';

const idempotencyKeyOf = ({ header }: ApiCall): string | undefined => {
  const key = header('idempotency-key');
  if (key !== undefined && !IdempotencyKey.safeParse(key).success) {
    throw new Problem('invalid-fields', 'the Idempotency-Key header is not valid', [
      { field: 'Idempotency-Key', message: 'must be 1 to 128 printable characters without spaces' },
    ]);
  }
  return key;
};

/**
 * The lines, at the catalogue's prices.
 * @throws Problem naming each line that cannot be sold or differs in currency from the first, or saying that the total
 *   is too high
 */
const price = ({ items }: PlaceOrder, products: ReadonlyMap<string, Product>) => {
  const errors: FieldError[] = [];
  const currency = products.get(items.find(({ sku }) => products.has(sku))?.sku ?? '')?.currency;
  const lines = items.flatMap(({ sku, quantity }, line) => {
    const product = products.get(sku);
    const refuse = (message: string) => {
      errors.push({ field: `items[${line}].sku`, message });
      return [];
    };
    if (!product) return refuse(`${sku} is not for sale`);
    if (product.currency !== currency)
      return refuse(`is sold in ${product.currency}, the first item in ${currency}`);
    return [{ sku, quantity, unitPriceCents: product.unitPriceCents }];
  });
  const totalCents = lines.reduce((sum, { quantity, unitPriceCents }) => sum + quantity * unitPriceCents, 0);
  if (!Number.isSafeInteger(totalCents))
    errors.push({ field: 'items', message: 'cost more than can be charged at once' });
  if (errors.length > 0 || !currency)
    throw new Problem('items-not-for-sale', 'some items cannot be ordered', errors);
  return { items: lines, totalCents, currency };
};

interface Deps {
  readonly orders: Pick<OrderTable, 'get'> & Pick<OrdersWithPersonalData, 'putOnce'>;
  readonly catalogue: Catalogue;
  readonly workflow: Workflow;
}

/**
 * Records the order, then starts its workflow. A repeat under the same key gives the same answer, and starts the
 * workflow if that failed before.
 */
export const placeOrder =
  ({ orders, catalogue, workflow }: Deps) =>
  async (call: ApiCall): Promise<AnswerTo<'POST /orders'>> => {
    const { callerId: customerId, correlationId } = call;
    const key = idempotencyKeyOf(call);
    const body = call.body(PlaceOrder);
    const email = call.email();
    const orderId = orderIdFor(customerId, key);
    logger.appendKeys({ orderId });
    const requestHash = createHash('sha256').update(JSON.stringify(body)).digest('hex');

    const placedAt = new Date().toISOString();
    const asPlaced = async (): Promise<OrderRecord> =>
      orders.putOnce(
        {
          orderId,
          customerId,
          correlationId,
          ...price(body, await catalogue.find(body.items.map(({ sku }) => sku))),
          placedAt,
          ...openedAt(orderId, placedAt),
          requestHash,
        },
        { paymentMethod: body.paymentMethod, shippingAddress: body.shippingAddress, email },
      );
    // A repeat is answered from the record, even if the catalogue has changed since.
    const record = (key && (await orders.get(orderId))) || (await asPlaced());

    if (!record.erased && record.requestHash !== requestHash) {
      throw new Problem('idempotency-key-reused', 'this Idempotency-Key was used before with another body');
    }
    if (!record.outcome) await workflow.start(record);
    const { totalCents, currency } = record;
    return {
      status: 202,
      headers: { location: `/orders/${orderId}` },
      body: { orderId, correlationId: record.correlationId, status: 'PENDING', totalCents, currency },
    };
  };

const { ORDERS_TABLE, PERSONAL_DATA_TABLE, CATALOGUE_TABLE, ...arns } = env(
  WorkflowEnv.extend({
    ...PersonalDataEnv.shape,
    ORDERS_TABLE: ResourceName,
    CATALOGUE_TABLE: ResourceName,
  }),
);
export const handler = api(
  placeOrder({
    orders: {
      ...orderTable(ORDERS_TABLE),
      ...withPersonalData({ orders: ORDERS_TABLE, personalData: PERSONAL_DATA_TABLE }),
    },
    catalogue: catalogueTable(CATALOGUE_TABLE),
    workflow: workflow(arns),
  }),
);
