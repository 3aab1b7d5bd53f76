import type { STEPS, StepName } from '../saga/steps.ts';

type RefusalOf<Name extends StepName> = Name extends StepName
  ? keyof (typeof STEPS)[Name]['refusals']
  : never;

/** What an order asks for besides two pieces of a SKU of its own. */
interface Asked {
  readonly items?: readonly { readonly sku: keyof typeof ON_SALE; readonly quantity: number }[];
  readonly paymentMethod?: string;
  readonly postalCode?: string;
}

/** What is on sale for wishes alone: SKUs, and how many there are. */
export const ON_SALE = { GONE: 0 } as const;

/** How to place an order that comes to each of the saga's refusals: by the magic values of the sandboxes. */
const WISHED = {
  PaymentDeclinedError: ['declined', { paymentMethod: 'pm_card_declined' }],
  OutOfStockError: ['out of stock', { items: [{ sku: 'GONE', quantity: 1 }] }],
  AddressUndeliverableError: ['undeliverable', { postalCode: '00000' }],
} as const satisfies Readonly<Record<RefusalOf<StepName>, readonly [wish: string, asked: Asked]>>;

/** What a customer's order comes to if no fault hits it. */
export type Wish = 'happy' | (typeof WISHED)[keyof typeof WISHED][0];
const refused: readonly (readonly [error: string, wished: readonly [Wish, Asked]])[] = Object.entries(WISHED);

export const WISHES: readonly Wish[] = ['happy', ...refused.map(([, [wish]]) => wish)];
/** The error by which each is refused; none for the happy one. */
export const REFUSED: Readonly<Partial<Record<Wish, string>>> = Object.fromEntries(
  refused.map(([error, [wish]]) => [wish, error]),
);
/** What has to be asked for, so that it comes to that. */
export const ASKED: Readonly<Partial<Record<Wish, Asked>>> = Object.fromEntries(
  refused.map(([, [wish, asked]]) => [wish, asked]),
);
