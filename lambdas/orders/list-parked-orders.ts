import * as z from 'zod';
import { api } from '../runtime/api.ts';
import { env, ResourceName } from '../runtime/env.ts';
import { type OrderTable, orderTable } from './order.ts';

/** The orders that wait for an operator, the longest first, with what they wait for. */
export const listParkedOrders =
  ({ orders }: { orders: Pick<OrderTable, 'parked'> }) =>
  async () => {
    const parked = await orders.parked();
    return {
      status: 200,
      body: {
        orders: parked
          .map(({ orderId, correlationId, parkedAt = '', parking }) => ({
            orderId,
            correlationId,
            parkedAt,
            state: parking?.state,
            error: parking?.error,
          }))
          .sort((a, b) => a.parkedAt.localeCompare(b.parkedAt)),
      },
    };
  };

const { ORDERS_TABLE } = env(z.object({ ORDERS_TABLE: ResourceName }));
export const handler = api(listParkedOrders({ orders: orderTable(ORDERS_TABLE) }));
