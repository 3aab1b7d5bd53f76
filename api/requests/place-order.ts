import { iso31661Alpha2ToAlpha3 } from 'iso-3166';
import * as z from 'zod';
import { Sku } from '../../catalogue/product.ts';
import { holdsCardNumber } from './card-number.ts';
import { Text } from './text.ts';

/** The countries that ISO 3166-1 has assigned a code to: not EU or UK, which are reserved, nor those left to users, as XX. */
const COUNTRIES: ReadonlySet<string> = new Set(Object.keys(iso31661Alpha2ToAlpha3));

const Line = z.strictObject({
  sku: Sku.meta({ description: 'In the catalogue. All lines are sold in one currency.' }),
  quantity: z.int().min(1).max(1_000).meta({ description: 'How many of it.', 'x-unit': 'pieces' }),
});

/** The provider's name for a means of payment. A card's number would lie in our records and make all of this PCI DSS's. */
const PaymentMethod = z
  .string()
  .superRefine((token, context) => {
    if (holdsCardNumber(token)) {
      const message =
        'looks like the number of a card: send the token that the payment provider has made of it';
      context.addIssue({ code: 'custom', message });
    } else if (!/^[\x21-\x7e]{1,64}$/.test(token)) {
      const message =
        "must be the payment provider's token: 1 to 64 printable ASCII characters without spaces";
      context.addIssue({ code: 'custom', message });
    }
  })
  .meta({
    description:
      "The payment provider's token: 1 to 64 printable ASCII characters without spaces. What looks like a card's number is refused, as it must not lie in our records.",
  });

const ShippingAddress = z.strictObject({
  name: Text(100),
  line1: Text(100),
  line2: Text(100).optional(),
  city: Text(100),
  region: Text(100).optional(),
  postalCode: Text(16),
  country: z
    .string()
    .refine(
      (code) => COUNTRIES.has(code),
      'must be the code of a country (ISO 3166-1 alpha-2), in capital letters',
    )
    .meta({ description: 'A code that ISO 3166-1 has assigned, in capital letters.' }),
});

/** 50 lines: with the reservation itself they fit in one DynamoDB transaction (100 items), with room to grow. */
export const PlaceOrder = z
  .strictObject({
    items: z
      .array(Line)
      .min(1)
      .max(50)
      .superRefine((items, context) => {
        const seen = new Set<string>();
        for (const [line, { sku }] of items.entries()) {
          if (seen.has(sku))
            context.addIssue({ code: 'custom', path: [line, 'sku'], message: 'appears twice' });
          seen.add(sku);
        }
      })
      .meta({ description: 'Each SKU once.' }),
    paymentMethod: PaymentMethod,
    shippingAddress: ShippingAddress,
  })
  .meta({ id: 'PlaceOrder' });
export type PlaceOrder = z.infer<typeof PlaceOrder>;
