import * as z from 'zod';
import { Customer } from '../../../api/requests/customer.ts';
import { OrderId } from '../../../api/requests/order-id.ts';
import { STATUSES, type Status } from '../../../api/requests/statuses.ts';
import type { AnswerTo } from '../../../api/routes.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { SHARDS } from '../../runtime/outcome.ts';
import { cursorOf, keyIn, limitOf } from '../../runtime/paging.ts';
import { Problem } from '../../runtime/problem.ts';
import type { OrderRecord } from '../order.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { orderView, recorded } from '../story/view.ts';

type Orders = Pick<OrderTable, 'newest' | 'ofCustomer' | 'open' | 'parked'>;

const StatusOrAny = z.enum(STATUSES).optional();

const statusAskedBy = ({ query }: ApiCall): Status | undefined => {
  const status = StatusOrAny.safeParse(query.status);
  if (status.success) return status.data;
  throw new Problem('invalid-fields', 'the status is not valid', [
    { field: 'status', message: `must be one of ${STATUSES.join(', ')}` },
  ]);
};

const CustomerOrAny = Customer.optional();

const customerAskedBy = ({ query }: ApiCall): string | undefined => {
  const customer = CustomerOrAny.safeParse(query.customer);
  if (customer.success) return customer.data;
  throw new Problem('invalid-fields', 'the customer is not valid', [
    { field: 'customer', message: 'must be 1 to 512 characters' },
  ]);
};

const Place = z.strictObject({ orderId: OrderId, placedAt: z.iso.datetime() });
const Placements = z.array(Place.extend({ shard: z.enum(SHARDS) })).max(SHARDS.length);

const whereabouts = (order: OrderRecord) => recorded(order) ?? { status: 'PENDING' as const };

const newestFirst = (a: z.infer<typeof Place>, b: z.infer<typeof Place>) =>
  b.placedAt.localeCompare(a.placedAt) || b.orderId.localeCompare(a.orderId);

/** A page of orders that are few at any time: their whole index is read. */
const pageOf = (all: readonly OrderRecord[], limit: number, after: z.infer<typeof Place> | undefined) => {
  const left = all.toSorted(newestFirst).filter((order) => !after || newestFirst(order, after) > 0);
  const orders = left.slice(0, limit);
  const last = left.length > limit && orders.at(-1);
  return { orders, ...(last && { next: { orderId: last.orderId, placedAt: last.placedAt } }) };
};

/**
 * A page of the orders asked for, newest first, from the index that holds them, and the key after which the next page
 * begins.
 */
const pageAskedBy = async (call: ApiCall, orders: Orders, list: string) => {
  const [status, customer, limit] = [statusAskedBy(call), customerAskedBy(call), limitOf(call)];
  const isWanted = (order: OrderRecord) => whereabouts(order).status === status;
  if (customer) {
    const key = keyIn(call, list, Place.extend({ customerId: z.literal(customer) }));
    const page = await orders.ofCustomer(customer, limit, key);
    return { ...page, orders: status ? page.orders.filter(isWanted) : page.orders };
  }
  if (status === 'PENDING' || status === 'NEEDS_ATTENTION') {
    const after = keyIn(call, list, Place);
    const all = await (status === 'PENDING' ? orders.open() : orders.parked());
    return pageOf(all.filter(isWanted), limit, after);
  }
  return orders.newest(limit, keyIn(call, list, Placements), status, status && isWanted);
};

/**
 * Every customer's orders, for operators, newest first across pages too. They come from the read model alone, so a page
 * may hold fewer than asked for, or none, although more follow.
 */
export const listAllOrders =
  ({ orders }: { orders: Orders }) =>
  async (call: ApiCall): Promise<AnswerTo<'GET /ops/orders'>> => {
    const list = call.query.customer ? `customer ${call.query.status}` : `all ${call.query.status}`;
    const page = await pageAskedBy(call, orders, list);
    return {
      status: 200,
      body: {
        orders: page.orders.map((order) => orderView(order, whereabouts(order))),
        ...(page.next && { next: cursorOf(list, page.next) }),
      },
    };
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = api(listAllOrders({ orders: orderTable(ORDERS_TABLE) }));
