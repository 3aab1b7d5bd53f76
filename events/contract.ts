import * as z from 'zod';

/** Who publishes: the `source` of every event on the order bus. */
export const SOURCE = 'order-saga';

/** What every event says of itself, whatever it says of the order. */
export const EventMetadata = z.object({
  /** Derived (`<orderId>#<type>`), so that a repeated publication is the same event. */
  eventId: z.string().min(1),
  /** The one id that runs through the request, the workflow, every log line and every event of an order. */
  correlationId: z.string().min(1),
  /** The `eventId` of the event that this one answers. Absent where the workflow itself speaks. */
  causationId: z.string().min(1).optional(),
  /** RFC 3339, UTC. */
  occurredAt: z.iso.datetime(),
});

/**
 * One event of the bus: its `detail-type`, its version and the shape of its `detail`.
 * Unknown fields are let through, so that a consumer built today survives tomorrow's additions.
 */
export const contract = <const Type extends string, Data extends z.ZodType>(
  type: Type,
  schemaVersion: number,
  data: Data,
) => ({
  type,
  schemaVersion,
  detail: z.object({ metadata: EventMetadata.extend({ schemaVersion: z.literal(schemaVersion) }), data }),
});

/** Any of our contracts, for code that serves them all alike. */
export type Contract = ReturnType<typeof contract<string, z.ZodType>>;

/** The `detail` of an event: `{metadata, data}`. */
export type Detail<C extends Contract> = z.infer<C['detail']>;
