import type { Erasure } from '../../api/answers/operators.ts';
import type { OperatorsOrder } from '../../api/answers/order.ts';
import type { Refusal } from '../../api/problem-details.ts';
import { command } from '../command.ts';
import { type OperatorApi, OperatorApiError } from '../operator-api.ts';

const everyOrderOf = async (ask: OperatorApi, customer: string): Promise<readonly OperatorsOrder[]> => {
  const orders: OperatorsOrder[] = [];
  let next: string | undefined;
  do {
    const page = await ask('GET /ops/orders', { query: { customer, limit: '100', cursor: next } });
    orders.push(...page.orders);
    next = page.next;
  } while (next);
  return orders;
};

export const eraseCustomer = command({
  summary: 'the same of every order of a customer that has ended; names those that have not',
  examples: ["erase-customer 'https://id.example.com#17'"],
  operands: ['customer'],
  run: async (ask, { operands: { customer } }) => {
    const orders = await everyOrderOf(ask, customer);
    const erasures: Erasure[] = [];
    const refused: { readonly orderId: string; readonly problem: Refusal }[] = [];
    // Those that were erased before, too: it deletes what a backup has brought back.
    for (const { orderId } of orders)
      try {
        erasures.push(await ask('POST /ops/orders/{orderId}/erase', { path: { orderId } }));
      } catch (error) {
        if (!(error instanceof OperatorApiError) || error.status >= 500) throw error;
        refused.push({ orderId, problem: error.problem });
      }
    const lines = [
      `${customer}: personal data of ${erasures.length} of ${orders.length} orders erased`,
      ...refused.map(({ orderId, problem }) => `${orderId}: not erased: ${problem.detail ?? ''}`),
    ];
    return {
      data: { erasures, refused },
      text: lines.join('\n'),
      // Whoever has no orders is likely misspelled.
      isRefused: refused.length > 0 || orders.length === 0,
    };
  },
});
