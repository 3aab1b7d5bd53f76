import * as z from 'zod';

/**
 * The types of payment methods that may be taken through Stripe. Who takes debits says with it that their own order form
 * shows the mandate, and that they keep the proof of its acceptance.
 */
export const STRIPE_PAYMENT_METHODS = ['card', 'sepa_debit', 'us_bank_account'] as const;

/** `card,sepa_debit`, as a list without repeats. */
export const StripePaymentMethods = z
  .string()
  .transform((text) => [...new Set(text.split(',').map((type) => type.trim()))])
  .pipe(
    z
      .array(z.enum(STRIPE_PAYMENT_METHODS, `each must be one of ${STRIPE_PAYMENT_METHODS.join(', ')}`))
      .min(1),
  );
export type StripePaymentMethods = z.infer<typeof StripePaymentMethods>;
