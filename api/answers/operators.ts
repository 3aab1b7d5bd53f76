import * as z from 'zod';
import type { Told } from '../told.ts';
import { Instant, OrderId } from './order.ts';

export const Action = z
  .object({
    at: Instant.meta({ description: 'When.' }),
    by: z.string().meta({ description: 'Who it was: the identity that the authorizer has checked.' }),
    session: z
      .string()
      .meta({
        description:
          "What the role's session was called by whoever assumed the role, often an e-mail. It proves nothing. Absent where `by` is no role.",
      })
      .optional(),
    action: z.string().meta({ description: 'The route: `POST /ops/orders/{orderId}/resume`.' }),
    on: z
      .string()
      .meta({ description: 'What of: an order, a listener. Absent where the route names nothing.' })
      .optional(),
    correlationId: z.string().meta({ description: 'Under which correlation id.' }),
    status: z
      .int()
      .nonnegative()
      .meta({ description: 'What was answered (HTTP). Absent where the function died.' })
      .optional(),
  })
  .meta({ id: 'Action', description: 'What an operator has asked for.' });
export type Action = Told<typeof Action>;

const orderIds = (description: string) => z.array(z.string()).meta({ description });

export const Reconciliation = z
  .object({
    started: orderIds('The orders whose workflow had never begun.'),
    settled: orderIds('Those that had ended, and whose record had missed it.'),
    recovered: orderIds('Those whose workflow had ended badly.'),
    failed: orderIds(
      'Those that could not be mended: the log of `reconcile-orders` says why, and their next turn tries again.',
    ),
    looked: z.int().nonnegative().meta({ description: 'How many orders it has looked at.' }),
    more: z.boolean().meta({ description: 'Whether the next passes go on with others.' }),
  })
  .meta({ id: 'Reconciliation', description: 'What one pass over the open orders has mended.' });
export type Reconciliation = Told<typeof Reconciliation>;

const Place = z.object({
  place: z.string().meta({ description: 'Where.' }),
  what: z.string().meta({ description: 'What lies there.' }),
});
const KeptPlace = Place.extend({ why: z.string().meta({ description: 'Why it stays.' }) });

export const Erasure = z
  .object({
    orderId: OrderId,
    erasedAt: Instant.meta({ description: 'When it was first asked for.' }),
    erasedBy: z.string().meta({ description: 'By whom.' }),
    erased: z.array(Place).meta({ description: 'What is gone.' }),
    kept: z.array(KeptPlace).meta({ description: 'What an erasure leaves where it is.' }),
  })
  .meta({ id: 'Erasure', description: 'What was erased of an order, and what was not.' });
export type Erasure = Told<typeof Erasure>;
