/** Currencies that Stripe wants in whole units: https://docs.stripe.com/currencies#zero-decimal */
const ZERO_DECIMAL = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
/** In thousandths, of which the last digit is 0: https://docs.stripe.com/currencies#three-decimal */
const THREE_DECIMAL = 'BHD JOD KWD OMR TND'.split(' ');
/** Of it Stripe's page says two things, that it has no decimals and that it is to be given with two. */
const UNCLEAR = ['UGX'];

const stripeDigitsOf = (currency: string): number => {
  if (ZERO_DECIMAL.includes(currency)) return 0;
  return THREE_DECIMAL.includes(currency) ? 3 : 2;
};

const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** The provider can't be asked for this currency. */
export class CurrencyNotSupportedError extends Error {
  override readonly name = 'CurrencyNotSupportedError';
  constructor(currency: string) {
    super(`Stripe is not asked for ${currency}`);
  }
}

/**
 * An amount as Stripe counts it. Ours is in the minor units that Node knows of the currency, of which Iceland's has none;
 * Stripe has two of that.
 * @throws CurrencyNotSupportedError
 */
export const stripeAmount = (amountCents: number, currency: string): number => {
  if (UNCLEAR.includes(currency)) throw new CurrencyNotSupportedError(currency);
  const digits = stripeDigitsOf(currency);
  const amount = amountCents * 10 ** (digits - digitsOf(currency));
  return digits === 3 ? Math.round(amount / 10) * 10 : Math.round(amount);
};
