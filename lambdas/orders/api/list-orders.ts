import * as z from 'zod';
import { OrderId } from '../../../api/requests/order-id.ts';
import type { AnswerTo } from '../../../api/routes.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { cursorOf, keyIn, limitOf } from '../../runtime/paging.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { orderForCustomer } from '../story/for-customers.ts';
import { orderView, recorded } from '../story/view.ts';

/** The list that these cursors belong to: one of another list is refused. */
const LIST = 'own';

/** A cursor names the customer, so that nobody can page into another's orders. */
const keyOf = (customerId: string) =>
  z.strictObject({ orderId: OrderId, customerId: z.literal(customerId), placedAt: z.iso.datetime() });

/** The caller's orders, newest first, from the read model alone: one that has not ended is PENDING here. */
export const listOrders =
  ({ orders }: { orders: OrderTable }) =>
  async (call: ApiCall): Promise<AnswerTo<'GET /orders'>> => {
    const { callerId: customerId } = call;
    const key = keyIn(call, LIST, keyOf(customerId));
    const page = await orders.ofCustomer(customerId, limitOf(call), key);
    return {
      status: 200,
      body: {
        orders: page.orders.map((order) =>
          orderForCustomer(orderView(order, recorded(order) ?? { status: 'PENDING' })),
        ),
        ...(page.next && { next: cursorOf(LIST, page.next) }),
      },
    };
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = api(listOrders({ orders: orderTable(ORDERS_TABLE) }));
