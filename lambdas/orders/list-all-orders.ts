import * as z from 'zod';
import { type ApiCall, api } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { cursorOf, keyIn, limitOf } from '../runtime/paging.ts';
import { Problem } from '../runtime/problem.ts';
import { type OrderTable, orderTable, SHARDS, STATUSES, type Status } from './order.ts';
import { OrderId } from './order-id.ts';
import { orderView, recorded } from './view.ts';

const StatusOrAny = z.enum(STATUSES).optional();

const statusOf = ({ query }: ApiCall): Status | undefined => {
  const status = StatusOrAny.safeParse(query.status);
  if (status.success) return status.data;
  throw new Problem('invalid-fields', 'the status is not valid', [
    { field: 'status', message: `must be one of ${STATUSES.join(', ')}` },
  ]);
};

const time = z.iso.datetime();

/** The key of the index, or of the table, where orders of this status are. */
const keyOf = (status: Status | undefined) =>
  z.strictObject({
    orderId: OrderId,
    ...(status === 'PENDING' && { openShard: z.enum(SHARDS), lookedAt: time }),
    ...(status === 'NEEDS_ATTENTION' && { parkedAt: time }),
  });

/**
 * Every customer's orders, for operators, by the read model alone. A page is one bounded read, and may hold fewer than
 * asked for, or none, though more follow: newest first within it, in no order from page to page.
 */
export const listAllOrders =
  ({ orders }: { orders: Pick<OrderTable, 'ofStatus'> }) =>
  async (call: ApiCall) => {
    const status = statusOf(call);
    const list = `all ${status}`;
    const page = await orders.ofStatus(status, limitOf(call), keyIn(call, list, keyOf(status)));
    return {
      status: 200,
      body: {
        orders: page.orders
          .toSorted((a, b) => b.placedAt.localeCompare(a.placedAt))
          .map((order) => orderView(order, recorded(order) ?? { status: 'PENDING' })),
        ...(page.next && { next: cursorOf(list, page.next) }),
      },
    };
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = api(listAllOrders({ orders: orderTable(ORDERS_TABLE) }));
