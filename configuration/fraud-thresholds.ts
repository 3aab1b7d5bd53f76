import * as z from 'zod';
import { Currency } from '../catalogue/product.ts';

/** From when on a person is to look at an order: in its currency, as people write it. */
interface Thresholds {
  /** What the order costs. */
  readonly total: number;
  /** What one piece costs, where it is bought several times. */
  readonly piece: number;
}

/** The same in minor units. */
export interface ThresholdsInCents {
  readonly totalCents: number;
  readonly pieceCents: number;
}

/** By ISO 4217 code; where nothing else is asked for. */
export const FRAUD_THRESHOLDS: Readonly<Record<string, Thresholds>> = {
  CHF: { total: 1_000, piece: 200 },
  EUR: { total: 1_000, piece: 200 },
  GBP: { total: 850, piece: 170 },
  JPY: { total: 160_000, piece: 32_000 },
  KWD: { total: 330, piece: 66 },
  USD: { total: 1_100, piece: 220 },
};

/** 1000 of EUR (two decimals) is 100000, of JPY (none) 1000, of KWD (three) 1000000. */
const inMinorUnits = (amount: number, currency: string): number => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const { maximumFractionDigits = 2 } = format.resolvedOptions();
  // 1.005 has no exact form, and so 1.005 * 1000 is only nearly 1005.
  return Number((amount * 10 ** maximumFractionDigits).toFixed(6));
};

const Amount = z.number().positive();

/** The thresholds by currency, checked, each made a whole number of minor units. */
export const FraudThresholds = z
  .record(Currency, z.strictObject({ total: Amount, piece: Amount }), {
    error: ({ code }) => (code === 'invalid_key' ? 'is not the code of a currency (ISO 4217)' : undefined),
  })
  .transform((thresholds, context): Readonly<Record<string, ThresholdsInCents>> => {
    const convert = (currency: string, key: keyof Thresholds, amount: number): number => {
      const cents = inMinorUnits(amount, currency);
      const message = `${amount} ${currency} is no whole number of minor units`;
      if (!Number.isSafeInteger(cents)) context.addIssue({ code: 'custom', path: [currency, key], message });
      return cents;
    };
    return Object.fromEntries(
      Object.entries(thresholds).map(([currency, { total, piece }]) => [
        currency,
        { totalCents: convert(currency, 'total', total), pieceCents: convert(currency, 'piece', piece) },
      ]),
    );
  });
export type FraudThresholds = z.infer<typeof FraudThresholds>;
