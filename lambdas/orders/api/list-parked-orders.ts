import * as z from 'zod';
import { OrderId } from '../../../api/requests/order-id.ts';
import type { AnswerTo } from '../../../api/routes.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { SHARDS } from '../../runtime/outcome.ts';
import { cursorOf, keyIn, limitOf } from '../../runtime/paging.ts';
import { type OrderTable, orderTable } from '../order-table.ts';

const LIST = 'parked';
const Place = z.strictObject({ orderId: OrderId, parkedAt: z.iso.datetime(), shard: z.enum(SHARDS) });
const Places = z.array(Place).max(SHARDS.length);

/** A page of the orders that wait for an operator, longest wait first, with what they wait for. */
export const listParkedOrders =
  ({ orders }: { orders: Pick<OrderTable, 'longestParked'> }) =>
  async (call: ApiCall): Promise<AnswerTo<'GET /ops/orders/parked'>> => {
    const page = await orders.longestParked(limitOf(call), keyIn(call, LIST, Places) ?? []);
    return {
      status: 200,
      body: {
        orders: page.orders.map(({ orderId, correlationId, parkedAt, parking }) => ({
          orderId,
          correlationId,
          parkedAt,
          state: parking.state,
          error: parking.error,
        })),
        ...(page.next && { next: cursorOf(LIST, page.next) }),
      },
    };
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = api(listParkedOrders({ orders: orderTable(ORDERS_TABLE) }));
