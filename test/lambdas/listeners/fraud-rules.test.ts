import { describe, expect, it } from '@jest/globals';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { fraudSignals } from '../../../lambdas/listeners/fraud-rules.ts';

const thresholds = {
  EUR: { totalCents: 100_000, pieceCents: 20_000 },
  JPY: { totalCents: 160_000, pieceCents: 32_000 },
  KWD: { totalCents: 330_000, pieceCents: 66_000 },
};

const order = (totalCents: number, ...lines: readonly [quantity: number, unitPriceCents: number][]) => ({
  ...OrderConfirmed.example.data,
  totalCents,
  items: lines.map(([quantity, unitPriceCents], n) => ({ sku: `SKU-${n}`, quantity, unitPriceCents })),
});

describe('the fraud rules', () => {
  it.each<[string, ReturnType<typeof order>, string[]]>([
    ['a mug', order(1250, [1, 1250]), []],
    ['a cent below 1,000', order(99_999, [1, 99_999]), []],
    ['1,000', order(100_000, [1, 100_000]), ['HIGH_VALUE']],
    ['nine of a kind', order(900, [9, 100]), []],
    ['ten of a kind', order(1000, [10, 100]), ['BULK_QUANTITY']],
    ['ten things of two kinds', order(1000, [5, 100], [5, 100]), []],
    ['ten of the second kind', order(1100, [1, 100], [10, 100]), ['BULK_QUANTITY']],
    ['two luxuries', order(40_000, [2, 20_000]), []],
    ['three luxuries', order(60_000, [3, 20_000]), ['SEVERAL_LUXURIES']],
    ['three things a cent below a luxury', order(59_997, [3, 19_999]), []],
    ['three things and a luxury', order(20_300, [3, 100], [1, 20_000]), []],
    ['three luxuries beside a mug', order(61_250, [1, 1250], [3, 20_000]), ['SEVERAL_LUXURIES']],
    ['all at once', order(200_000, [10, 20_000]), ['HIGH_VALUE', 'BULK_QUANTITY', 'SEVERAL_LUXURIES']],
  ])('%s', (_, data, signals) => {
    expect(fraudSignals(data, thresholds)).toEqual(signals);
  });

  it.each([
    ['EUR', 100_000],
    ['JPY', 160_000],
    ['KWD', 330_000],
  ])('know what is much in %s: %d minor units', (currency, totalCents) => {
    const costing = (cents: number) => ({ ...order(cents, [1, cents]), currency });
    expect(fraudSignals(costing(totalCents - 1), thresholds)).toEqual([]);
    expect(fraudSignals(costing(totalCents), thresholds)).toEqual(['HIGH_VALUE']);
  });

  it('want a person to look at a currency in which nobody has said what is much', () => {
    const data = { ...order(10, [10, 1]), currency: 'SEK' };
    expect(fraudSignals(data, thresholds)).toEqual(['BULK_QUANTITY', 'UNKNOWN_CURRENCY']);
  });
});
