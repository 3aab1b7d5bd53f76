import * as z from 'zod';
import { Instant } from './instant.ts';

/** Who publishes: the `source` of every event on the order bus. */
export const SOURCE = 'order-saga';

const EventMetadata = z.object({
  eventId: z.string().min(1).meta({
    description: 'One id an event, derived from the order: a repeated publication is the same event.',
  }),
  correlationId: z.string().min(1).meta({
    description:
      'The one id that runs through the request, the workflow, every log line and every event of an order.',
  }),
  causationId: z
    .string()
    .min(1)
    .meta({ description: 'The eventId of the event that this one answers. Absent where it answers none.' })
    .optional(),
  occurredAt: Instant.meta({ description: 'When it happened.', 'x-unit': 'RFC 3339, UTC' }),
});

/** Whatever happens, happens to an order: by its id an event is kept, and told of. */
type OrderData = z.ZodType<{ orderId: string }>;

export interface ContractProps<Type extends string, Version extends number, Data extends OrderData> {
  /** The `detail-type`: a fact, in the past tense. */
  readonly type: Type;
  /** The major version. Two majors of an event are two contracts, and two events. */
  readonly version: Version;
  /** Who publishes it: the workflow, or the file that does. */
  readonly owner: string;
  /** What has happened, in a sentence or two. */
  readonly summary: string;
  /** Every field says what it is (`.meta({description})`), and in what it is measured (`x-unit`). */
  readonly data: Data;
  readonly example: {
    readonly metadata: z.infer<typeof EventMetadata> & { readonly schemaVersion: NoInfer<Version> };
    readonly data: z.infer<NoInfer<Data>>;
  };
}

/**
 * One version of one event of the bus. The schemas, documents and pages that others read are made of it by
 * `npm run contracts`, which refuses whatever would break them.
 * Unknown fields are let through, so that a consumer built today survives tomorrow's additions.
 */
export const contract = <const Type extends string, const Version extends number, Data extends OrderData>({
  type,
  version,
  owner,
  summary,
  data,
  example,
}: ContractProps<Type, Version, Data>) => ({
  type,
  version,
  owner,
  summary,
  detail: z.object({
    metadata: EventMetadata.extend({
      schemaVersion: z.literal(version).meta({ description: 'The major version of this contract.' }),
    }).meta({ description: 'What every event says of itself, whatever it says of the order.' }),
    data: data.meta({ description: 'What has happened.' }),
  }),
  example,
});

/** Any of our contracts, for code that serves them all alike. */
export type Contract = ReturnType<typeof contract<string, number, OrderData>>;

/** The `detail` of an event: `{metadata, data}`. */
export type Detail<C extends Contract> = z.infer<C['detail']>;

/** What tells a contract from all others: `OrderConfirmed.v1`. */
export const keyOf = ({ type, version }: Pick<Contract, 'type' | 'version'>): string => `${type}.v${version}`;

/**
 * `<orderId>#<type>`, from the second major on `<orderId>#<type>.v<version>`: whoever hears both majors hears two events.
 * @param occasion tells apart what may happen to an order more than once
 */
export const eventIdOf = (
  contract: Pick<Contract, 'type' | 'version'>,
  orderId: string,
  occasion?: string,
): string =>
  [orderId, contract.version === 1 ? contract.type : keyOf(contract), ...(occasion ? [occasion] : [])].join(
    '#',
  );
