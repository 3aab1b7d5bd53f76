import * as z from 'zod';
import { Json } from './json.ts';

const text = z.string().min(1);

/** Where parcels come from, as EasyPost writes an address (https://docs.easypost.com/docs/addresses). */
export const EasypostSender = Json.pipe(
  z.strictObject({
    name: text.optional(),
    company: text.optional(),
    street1: text,
    street2: text.optional(),
    city: text,
    state: text.optional(),
    zip: text,
    country: z.string().regex(/^[A-Z]{2}$/, 'is not the code of a country'),
    phone: text.optional(),
    email: z.email().optional(),
  }),
);
export type EasypostSender = z.infer<typeof EasypostSender>;

/** What one piece of whatever is sold weighs, and how large it is at most: in grams and centimetres. */
export const EasypostPiece = Json.pipe(
  z.strictObject({
    grams: z.number().positive(),
    length: z.number().positive(),
    width: z.number().positive(),
    height: z.number().positive(),
  }),
);
export type EasypostPiece = z.infer<typeof EasypostPiece>;

const Service = z
  .string()
  .regex(/^\S+ \S+$/, 'each is a carrier and a service of it, as in "USPS GroundAdvantage"')
  .transform((named) => {
    const [carrier = '', service = ''] = named.split(' ');
    return { carrier, service };
  });

/** The carriers' services that may be used, by EasyPost's names for them: `USPS GroundAdvantage,UPSDAP Ground`. */
export const EasypostServices = z
  .string()
  .transform((listed) => listed.split(',').map((each) => each.trim()))
  .pipe(z.array(Service));
export type EasypostServices = z.infer<typeof EasypostServices>;
