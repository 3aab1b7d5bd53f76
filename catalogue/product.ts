import * as z from 'zod';

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** An ISO 4217 code that is in use. */
export const Currency = z
  .string()
  .refine((code) => CURRENCIES.has(code), 'must be the code of a currency (ISO 4217), in capital letters');

export const Sku = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters without spaces');

/** A row of the catalogue: what we sell, and for how much. Whoever writes one and whoever reads one hold it against this. */
export const Product = z.object({
  sku: Sku,
  name: z.string().min(1),
  /** Minor units (cents) of `currency`; 0 is free, none is no price. */
  unitPriceCents: z.int().nonnegative(),
  currency: Currency,
});
export type Product = z.infer<typeof Product>;

/** A product as it is put on sale for the first time: with what there is of it. */
export const NewProduct = z.strictObject({
  ...Product.shape,
  /** Pieces. */
  available: z.int().nonnegative(),
});
export type NewProduct = z.infer<typeof NewProduct>;

/**
 * What is to be put on sale.
 * @throws Error naming each bad field, by its place in the list
 */
export const newProducts = (input: unknown): NewProduct[] => {
  const parsed = z.array(NewProduct).safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Error(z.prettifyError(parsed.error));
};
