import * as z from 'zod';
import { type ApiCall, api, Problem } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type OrderPage, type OrderTable, orderTable } from './order.ts';
import { orderView, recorded } from './view.ts';

const LIMIT = z.coerce.number().int().min(1).max(100).default(20);

/** A cursor is the table's last key, in a form that fits a URL. It names its customer: one cannot page into another's orders. */
const Cursor = z.strictObject({ orderId: z.string(), customerId: z.string(), placedAt: z.string() });
const encode = (key: NonNullable<OrderPage['next']>) =>
  Buffer.from(JSON.stringify(key)).toString('base64url');
const decode = (text: string) => {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    throw new Problem(400, 'Bad Request', 'the cursor is not one of ours', [
      { field: 'cursor', message: 'must be the `next` of an earlier page' },
    ]);
  }
};

/** The caller's orders, newest first, by the read model alone: one that has not ended is PENDING here. */
export const listOrders =
  ({ orders }: { orders: OrderTable }) =>
  async ({ customerId, query }: ApiCall) => {
    const limit = LIMIT.safeParse(query.limit);
    if (!limit.success) {
      throw new Problem(400, 'Bad Request', 'the limit is not valid', [
        { field: 'limit', message: 'must be a whole number from 1 to 100' },
      ]);
    }
    const from = query.cursor ? { ...decode(query.cursor), customerId } : undefined;
    const page = await orders.ofCustomer(customerId, limit.data, from);
    return {
      status: 200,
      body: {
        orders: page.orders.map((order) => orderView(order, recorded(order) ?? { status: 'PENDING' })),
        ...(page.next && { next: encode(page.next) }),
      },
    };
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = api(listOrders({ orders: orderTable(ORDERS_TABLE) }));
