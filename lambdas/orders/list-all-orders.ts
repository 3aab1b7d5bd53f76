import * as z from 'zod';
import { type ApiCall, api, Problem } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { cursorOf, keyIn, limitOf } from '../runtime/paging.ts';
import { type OrderTable, orderTable, STATUSES, type Status } from './order.ts';
import { orderView, recorded } from './view.ts';

const Key = z.strictObject({
  orderId: z.string(),
  openSince: z.string().optional(),
  parkedAt: z.string().optional(),
});

const statusOf = ({ query: { status } }: ApiCall): Status | undefined => {
  if (status === undefined || STATUSES.some((known) => known === status)) return status as Status | undefined;
  throw new Problem(400, 'Bad Request', 'the status is not valid', [
    { field: 'status', message: `must be one of ${STATUSES.join(', ')}` },
  ]);
};

/**
 * Every customer's orders, for operators, by the read model alone. A page is one bounded read, and may hold fewer than
 * asked for, or none, though more follow: newest first within it, in no order from page to page.
 */
export const listAllOrders =
  ({ orders }: { orders: Pick<OrderTable, 'ofStatus'> }) =>
  async (call: ApiCall) => {
    const page = await orders.ofStatus(statusOf(call), limitOf(call), keyIn(call, Key));
    return {
      status: 200,
      body: {
        orders: page.orders
          .toSorted((a, b) => b.placedAt.localeCompare(a.placedAt))
          .map((order) => orderView(order, recorded(order) ?? { status: 'PENDING' })),
        ...(page.next && { next: cursorOf(page.next) }),
      },
    };
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = api(listAllOrders({ orders: orderTable(ORDERS_TABLE) }));
