import type { AnswerTo } from '../../../api/routes.ts';
import { ActionsEnv, onRecord } from '../../runtime/actions.ts';
import { type ApiCall, api } from '../../runtime/api.ts';
import { env, ResourceName } from '../../runtime/env.ts';
import { logger } from '../../runtime/logger.ts';
import { PersonalDataEnv } from '../../runtime/personal-data.ts';
import { Problem } from '../../runtime/problem.ts';
import { type OrderTable, orderTable } from '../order-table.ts';
import { type OrdersWithPersonalData, withPersonalData } from '../personal-data.ts';
import { orderOf } from './order-of.ts';
import { ERASED, KEPT } from './personal-data-places.ts';

interface Deps {
  readonly orders: Pick<OrderTable, 'get'> & Pick<OrdersWithPersonalData, 'erase'>;
}

/**
 * Erases who placed an order, where it went and how it was paid; the books stay. On a repeat the record keeps who asked
 * first.
 */
export const eraseOrder =
  ({ orders }: Deps) =>
  async (call: ApiCall): Promise<AnswerTo<'POST /ops/orders/{orderId}/erase'>> => {
    const { orderId } = await orderOf(orders, call);
    const isErased = await orders.erase(orderId, { at: new Date().toISOString(), by: call.callerId });
    const erased = isErased && (await orders.get(orderId))?.erased;
    if (!erased)
      throw new Problem(
        'order-in-progress',
        `order ${orderId} is still being worked on: its personal data can be erased once it has ended`,
      );
    logger.info('personal data erased', { by: call.callerId });
    return {
      status: 200,
      body: { orderId, erasedAt: erased.at, erasedBy: erased.by, erased: ERASED, kept: KEPT },
    };
  };

const { ORDERS_TABLE, PERSONAL_DATA_TABLE, ACTIONS_TABLE } = env(
  PersonalDataEnv.extend({ ...ActionsEnv.shape, ORDERS_TABLE: ResourceName }),
);
export const handler = api(
  onRecord(
    { ACTIONS_TABLE },
    eraseOrder({
      orders: {
        ...orderTable(ORDERS_TABLE),
        ...withPersonalData({ orders: ORDERS_TABLE, personalData: PERSONAL_DATA_TABLE }),
      },
    }),
  ),
);
