import * as z from 'zod';
import { type ApiCall, api } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { cursorOf, keyIn, limitOf } from '../runtime/paging.ts';
import { orderForCustomer } from './for-customers.ts';
import { type OrderTable, orderTable } from './order.ts';
import { orderView, recorded } from './view.ts';

/** It names its customer: one cannot page into another's orders. */
const Key = z.strictObject({ orderId: z.string(), customerId: z.string(), placedAt: z.string() });

/** The caller's orders, newest first, by the read model alone: one that has not ended is PENDING here. */
export const listOrders =
  ({ orders }: { orders: OrderTable }) =>
  async (call: ApiCall) => {
    const { customerId } = call;
    const limit = limitOf(call);
    const key = keyIn(call, Key);
    const page = await orders.ofCustomer(customerId, limit, key && { ...key, customerId });
    return {
      status: 200,
      body: {
        orders: page.orders.map((order) =>
          orderForCustomer(orderView(order, recorded(order) ?? { status: 'PENDING' })),
        ),
        ...(page.next && { next: cursorOf(page.next) }),
      },
    };
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = api(listOrders({ orders: orderTable(ORDERS_TABLE) }));
