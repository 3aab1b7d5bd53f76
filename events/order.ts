import * as z from 'zod';

export const OrderId = z.string().min(1).meta({ description: 'The order.' });
export const CustomerId = z.string().min(1).meta({
  description: 'Whose order it is. Names and addresses are asked for by this id, where they are kept.',
});

/** What the ends of an order tell of it: no address, no e-mail, no payment method. */
export const OrderFacts = z.object({
  orderId: OrderId,
  customerId: CustomerId,
  items: z
    .array(
      z.object({
        sku: z.string().min(1).meta({ description: 'The product, by its number in the catalogue.' }),
        quantity: z.int().positive().meta({ description: 'How many of it.', 'x-unit': 'pieces' }),
        unitPriceCents: z.int().nonnegative().meta({
          description: 'What one piece was sold for.',
          'x-unit': 'minor units (cents) of currency',
        }),
      }),
    )
    .min(1)
    .meta({ description: 'The lines of the order, at the prices it was placed at.' }),
  totalCents: z.int().nonnegative().meta({
    description: 'What the order costs in all: the sum of its lines.',
    'x-unit': 'minor units (cents) of currency',
  }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .meta({ description: 'The currency of every amount of the event.', 'x-unit': 'ISO 4217, upper case' }),
});

export const TrackingNumber = z
  .string()
  .min(1)
  .meta({ description: "The carrier's number, by which the customer follows the parcel." });
