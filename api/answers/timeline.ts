import * as z from 'zod';
import type { Told } from '../told.ts';
import { Instant, PromisedName } from './order.ts';

const ErrorName = z.string();
const EventId = z.string().meta({ description: 'The event.' });
const DurationMs = z.int().meta({ description: 'How long it took, retries included.', 'x-unit': 'ms' });

const Step = z.object({
  at: Instant.meta({ description: 'When the state was entered.' }),
  kind: z.literal('step').meta({ description: 'A state of a workflow.' }),
  name: z.string().meta({ description: "The state's name." }),
  outcome: z.enum(['running', 'succeeded', 'failed', 'ended']).meta({
    description:
      '`failed`: with an error that was caught, or that ended the workflow. `ended`: the state in which the workflow ends.',
  }),
  detail: z.object({
    workflow: z.string().meta({ description: 'The machine whose state it is: `OrderFulfillment`, ...' }),
    attempts: z
      .int()
      .nonnegative()
      .meta({ description: 'How often it was tried; 0 where the state is no task.' }),
    durationMs: DurationMs.meta({ description: 'Until it was left, retries included.' }).optional(),
    error: ErrorName.meta({
      description:
        'Of the last attempt that failed; `ExecutionAborted` where the workflow was ended from outside.',
    }).optional(),
    message: z
      .string()
      .meta({ description: 'What it said; for operators as the exception says it.' })
      .optional(),
  }),
});
const CustomersStep = Step.extend({
  detail: Step.shape.detail.extend({
    error: PromisedName.meta({ description: 'Of the last attempt that failed.' }).optional(),
  }),
});
export type StepEntry = Told<typeof Step>;

const Event = z.object({
  at: Instant.meta({ description: 'When it occurred.' }),
  kind: z.literal('event').meta({ description: 'An event that the order has caused.' }),
  name: z.string().meta({ description: "The event's type." }),
  outcome: z.literal('published'),
  detail: z.object({
    eventId: EventId,
    causationId: z.string().meta({ description: 'The event by which it was caused.' }).optional(),
  }),
});
export type EventEntry = Told<typeof Event>;

const Delivery = z.object({
  at: Instant.meta({
    description:
      'When its last attempt began; where that has left no word, since when the event lies in the queue.',
  }),
  kind: z.literal('delivery').meta({ description: 'What a listener made of an event.' }),
  name: z.string().meta({ description: 'The listener: `notify-customer`, ...' }),
  outcome: z
    .enum(['started', 'done', 'failed', 'dead-lettered'])
    .meta({ description: '`failed`: it will be given it again.' }),
  detail: z.object({
    eventId: EventId,
    type: z.string().meta({ description: "The event's type." }),
    attempts: z
      .int()
      .nonnegative()
      .meta({ description: 'How often it was begun; 0 where no function could.' }),
    durationMs: DurationMs.meta({ description: 'Of the last attempt.' }).optional(),
  }),
});
const OperatorsDelivery = Delivery.extend({
  detail: Delivery.shape.detail.extend({
    error: ErrorName.meta({ description: "The last attempt's." }).optional(),
  }),
});
export type DeliveryEntry = Told<typeof OperatorsDelivery>;

const Parking = z.object({
  at: Instant.meta({ description: 'When the wait began, or was over.' }),
  kind: z.literal('parking').meta({ description: 'A wait for an operator.' }),
  name: z.string().meta({ description: 'The state that waits; `Recovery` where no workflow does.' }),
  outcome: z.enum(['parked', 'resumed']),
  detail: z.object({
    error: PromisedName.meta({ description: 'Of `parked`: that would not pass.' }).optional(),
    by: z
      .string()
      .meta({
        description: 'Of `resumed`: `operator`, for operators who it was; `time-out` where a day had passed.',
      })
      .optional(),
  }),
});
const OperatorsParking = Parking.extend({
  detail: Parking.shape.detail.extend({
    error: ErrorName.meta({ description: 'Of `parked`: that would not pass.' }).optional(),
    note: z
      .string()
      .meta({ description: 'Of `resumed`: what was settled by hand, or why the order is kept.' })
      .optional(),
  }),
});
export type ParkingEntry = Told<typeof OperatorsParking>;

const timelineOf = <Entry extends z.ZodType>(entry: Entry, reason: z.ZodType<string>) =>
  z.object({
    placedAt: Instant.meta({ description: 'When the order was placed.' }),
    outcome: z
      .object({
        status: z.enum(['CONFIRMED', 'CANCELLED']).meta({ description: 'As what.' }),
        endedAt: Instant.meta({ description: 'When.' }),
        reason: reason.meta({ description: 'The name of the error that came first.' }).optional(),
        isKept: z
          .boolean()
          .meta({ description: 'It was to be cancelled when it had been confirmed, and was kept.' })
          .optional(),
      })
      .meta({ description: 'How the order ended. Absent until it has.' })
      .optional(),
    entries: z.array(entry).meta({ description: 'In time order.' }),
    sources: z
      .object({
        steps: z.enum(['engine', 'partly', 'gone', 'not begun']).meta({
          description:
            'Where the steps are from. `engine`: all of them, from the engine. `partly`: it knows a later execution of the order only, or the latest 3,000 events of a long one. `gone`: it has forgotten the order. `not begun`: no workflow has begun yet.',
        }),
        note: z.string().meta({ description: 'What is missing, and why.' }).optional(),
      })
      .meta({ description: 'What it is told from.' }),
  });

export const Timeline = timelineOf(
  z.discriminatedUnion('kind', [CustomersStep, Event, Delivery, Parking]),
  PromisedName,
).meta({
  id: 'Timeline',
  description: 'The story of an order as its customer is told it.',
});
export type Timeline = Told<typeof Timeline>;

const OperatorsEntry = z.discriminatedUnion('kind', [Step, Event, OperatorsDelivery, OperatorsParking]);
/** One line of an order's story. */
export type TimelineEntry = Told<typeof OperatorsEntry>;
export const OperatorsTimeline = timelineOf(OperatorsEntry, ErrorName).meta({
  id: 'OperatorsTimeline',
  description: 'The story of an order as operators are told it.',
});
export type OperatorsTimeline = Told<typeof OperatorsTimeline>;
