import { expect, it } from '@jest/globals';
import { FRAUD_THRESHOLDS, FraudThresholds } from '../../configuration/fraud-thresholds.ts';

it.each([
  ['EUR', { total: 1_000, piece: 199.99 }, { totalCents: 100_000, pieceCents: 19_999 }],
  ['JPY', { total: 160_000, piece: 32_000 }, { totalCents: 160_000, pieceCents: 32_000 }],
  ['KWD', { total: 330, piece: 1.005 }, { totalCents: 330_000, pieceCents: 1_005 }],
])('thresholds are written in %s, and compared in its minor units', (currency, written, inCents) => {
  expect(FraudThresholds.parse({ [currency]: written })).toEqual({ [currency]: inCents });
});

it('those that hold where nothing else is asked for are such thresholds', () => {
  expect(FraudThresholds.safeParse(FRAUD_THRESHOLDS).error).toBeUndefined();
});
