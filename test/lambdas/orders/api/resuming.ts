import { handler } from '../../../../lambdas/orders/api/resume-order.ts';
import { apiRequest, ask } from '../../api-requests.ts';

/** An operator's word to `ord_1`. */
export const resume = (body: unknown = {}, customerId = 'operator-1') =>
  ask(
    handler,
    apiRequest({
      routeKey: 'POST /ops/orders/{orderId}/resume',
      path: { orderId: 'ord_1' },
      body,
      customerId,
    }),
  );
