import { describe, expect, it } from '@jest/globals';
import { Currency, newProducts } from '../../catalogue/product.ts';

const MUG = { sku: 'MUG', name: 'Mug', unitPriceCents: 1250, currency: 'EUR', available: 5 };

describe('what is to be put on sale', () => {
  it('is taken as it is', () => {
    const sample = { ...MUG, sku: 'SAMPLE', unitPriceCents: 0, available: 0 };
    expect(newProducts([MUG, sample])).toEqual([MUG, sample]);
  });

  it('is refused with each bad field named, by its place in the list', () => {
    const bad = [MUG, { ...MUG, unitPriceCents: 19.99 }, { ...MUG, currency: 'eur', sku: 'two words' }];
    expect(() => newProducts(bad)).toThrow(/\[1\]\.unitPriceCents[\s\S]*\[2\]\.sku[\s\S]*\[2\]\.currency/);
  });

  it.each([[null], [{}], ['MUG'], [[null]]])('is refused where it is no list of products: %j', (input) => {
    expect(() => newProducts(input)).toThrow();
  });
});

describe('a currency', () => {
  it.each(['EUR', 'JPY', 'KWD'])('may be %s', (code) => {
    expect(Currency.safeParse(code).success).toBe(true);
  });

  it.each(['eur', 'EUX', 'XXX', 'DEM', 'constructor', ''])('is not %j', (code) => {
    expect(Currency.safeParse(code).success).toBe(false);
  });
});
