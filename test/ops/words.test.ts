import { describe, expect, it } from '@jest/globals';
import { clock, money, span, table } from '../../ops/words.ts';

describe('a span of time', () => {
  it.each([
    [-3, '0 ms'],
    [12, '12 ms'],
    [4_240, '4.2 s'],
    [87_285, '1 min 27 s'],
    [5_430_000, '1 h 30 min'],
    [86_400_000, '1 day 0 h'],
    [190_800_000, '2 days 5 h'],
  ])('of %d ms is %s', (ms, words) => {
    expect(span(ms)).toBe(words);
  });
});

describe('money', () => {
  it.each([
    [2_500, 'EUR', 'EUR 25.00'],
    [2_500, 'JPY', 'JPY 2,500'],
  ])('of %d %s is %s', (minor, currency, words) => {
    expect(money(minor, currency)).toBe(words);
  });
});

describe('a table', () => {
  it('has columns as wide as they need to be, and no spaces at the end', () => {
    expect(
      table(
        ['A', 'LONG'],
        [
          ['longer', 'x'],
          ['y', ''],
        ],
      ),
    ).toBe('A       LONG\nlonger  x\ny');
  });
});

describe('a time', () => {
  it('is told in UTC, to the second', () => {
    expect(clock('2026-01-15T10:29:30.123Z')).toBe('2026-01-15 10:29:30 UTC');
  });
});
