import * as z from 'zod';
import { REASONS, UNDECIDED } from '../../saga/reasons.ts';
import { STATUSES } from '../requests/statuses.ts';
import type { Told } from '../told.ts';

export const Instant = z.iso.datetime();
const At = Instant.meta({ description: 'When.' });

export const OrderId = z.string().meta({ description: 'The order.' });
export const CorrelationId = z.string().meta({
  description: 'The one id that stands on every log line and in every event of the order.',
});
export const Currency = z.string().meta({ description: 'ISO 4217, of every amount.' });
export const TotalCents = z
  .int()
  .nonnegative()
  .meta({ description: 'What it costs in all.', 'x-unit': 'minor units (cents) of currency' });

const Line = z.object({
  sku: z.string().meta({ description: 'The product, by its number in the catalogue.' }),
  quantity: z.int().nonnegative().meta({ description: 'How many of it.', 'x-unit': 'pieces' }),
  unitPriceCents: z.int().nonnegative().meta({
    description: 'What one piece cost when the order was placed.',
    'x-unit': 'minor units (cents) of currency',
  }),
});

/** The names that customers are told: any other is `TechnicalError` to them. */
export const PromisedName = z.enum([...REASONS.keys(), ...UNDECIDED.keys(), 'TechnicalError']);

const Parked = z.object({
  state: z.string().meta({ description: 'That waits.' }),
  error: PromisedName.meta({ description: 'That would not pass.' }),
  since: At.meta({ description: 'Since when.' }),
});

const Failure = z.object({
  error: PromisedName.meta({ description: 'The name of the error that came first. New ones may come.' }),
  message: z.string().meta({ description: 'The same as a sentence for people.' }),
  undone: z
    .array(z.string())
    .meta({
      description:
        'The undos that have run. Until the order has ended: so far, by the engine. Then: by the error, which tells what the definition undoes. Absent where its name does not tell at which step it came (`States.Timeout`): the timeline does.',
    })
    .optional(),
  parked: Parked.meta({ description: 'While it is parked.' }).optional(),
});

const NextAction = z.union([
  z.object({
    clientSecret: z
      .string()
      .meta({ description: "For the payment provider's own library (Stripe: `handleNextAction`)." }),
  }),
  z.object({ url: z.string().meta({ description: 'Where they confirm the payment.' }) }),
]);

export const Order = z
  .object({
    orderId: OrderId,
    correlationId: CorrelationId,
    status: z.enum(STATUSES).meta({
      description: '`NEEDS_ATTENTION`: it is parked, and an operator has to look.',
    }),
    step: z.string().nullable().meta({
      description:
        'The state the workflow is in, or ended in; null where it has not begun. Of a parked order the state that waits: `ParkUndo`, `ParkConfirmation`, `ParkKeeping`, `ParkCancellation`, or `Recovery` where the workflow has ended.',
    }),
    items: z
      .array(Line)
      .meta({ description: 'The lines, with the price of one piece when the order was placed.' }),
    totalCents: TotalCents,
    currency: Currency,
    placedAt: Instant.meta({ description: 'When it was placed.' }),
    failure: Failure.meta({ description: 'Only where it failed, or is being undone.' }).optional(),
    nextAction: NextAction.meta({
      description:
        'Only for its customer, and only while the payment waits for them: what they have to do, so that it goes through.',
    }).optional(),
    erased: z
      .object({
        at: At,
        by: z.string().meta({ description: 'By whom; customers read `operator`.' }),
      })
      .meta({ description: 'Only where its personal data is gone: since when, and by whose hand.' })
      .optional(),
  })
  .meta({ id: 'Order', description: 'An order as its customer sees it.' });
export type Order = Told<typeof Order>;

export const OperatorsOrder = Order.extend({
  failure: Failure.extend({
    error: z.string().meta({ description: 'The name of the error that came first, whatever it is.' }),
    parked: Parked.extend({ error: z.string().meta({ description: 'That would not pass.' }) })
      .meta({ description: 'While it is parked.' })
      .optional(),
  })
    .meta({ description: 'Only where it failed, or is being undone.' })
    .optional(),
  cancelling: z
    .object({ at: At, by: z.string().meta({ description: 'By whom.' }) })
    .meta({ description: 'Only where its cancellation was asked for, once it was confirmed.' })
    .optional(),
  kept: z
    .object({
      at: At,
      by: z.string().meta({ description: 'By whom.' }),
      note: z.string().meta({ description: 'Why.' }),
    })
    .meta({ description: 'Only where its parcel had left when it was to be undone, and so it was kept.' })
    .optional(),
  review: z
    .object({
      signals: z.array(z.string()).meta({ description: 'The rules that it met.' }),
      since: Instant.meta({ description: 'Since when.' }),
    })
    .meta({ description: 'Only where fraud is suspected. It holds nothing up.' })
    .optional(),
}).meta({ id: 'OperatorsOrder', description: 'An order as operators see it.' });
export type OperatorsOrder = Told<typeof OperatorsOrder>;

export const PlacedOrder = z
  .object({
    orderId: OrderId,
    correlationId: CorrelationId,
    status: z
      .literal('PENDING')
      .meta({ description: 'Whatever has become of it since, where the call is a repeat.' }),
    totalCents: TotalCents,
    currency: Currency,
  })
  .meta({ id: 'PlacedOrder', description: 'An order that is on record.' });

export const CancellingOrder = z
  .object({ orderId: OrderId })
  .meta({ id: 'CancellingOrder', description: 'An order that is being undone.' });

export const ResumedOrder = z
  .object({
    orderId: OrderId,
    resumed: z.string().meta({ description: 'The state that had been waiting.' }),
  })
  .meta({ id: 'ResumedOrder', description: 'An order that goes on.' });

export const ParkedOrder = z
  .object({
    orderId: OrderId,
    correlationId: CorrelationId,
    parkedAt: Instant.meta({ description: 'Since when it waits.' }),
    state: z.string().meta({ description: 'Where it waits.' }),
    error: z.string().meta({ description: 'The name of the error that would not pass.' }),
  })
  .meta({ id: 'ParkedOrder', description: 'An order that waits for an operator.' });
export type ParkedOrder = Told<typeof ParkedOrder>;
