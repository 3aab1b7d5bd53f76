import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../../console/definition.ts';
import { LISTENER_FAULTS, STATE_FAULTS } from '../../console/faults.ts';
import { SCENARIOS } from '../../console/scenarios.ts';
import { DELIVERY_FAULT_KINDS } from '../../local/faults/delivery-faults.ts';
import { FAULT_KINDS, parseFault } from '../../local/faults/faults.ts';
import { BY_SANDBOX } from '../../local/paying.ts';
import { seedProducts } from '../../local/seed.ts';

const definition: Definition = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../statemachines/order-fulfillment.asl.json'), 'utf8'),
);
const states = Object.keys(definition.States);

describe('the scenarios', () => {
  it.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))('%s', (_id, { order, faults }) => {
    const products = seedProducts();
    const { items } = order(products, BY_SANDBOX);
    for (const { sku } of items) expect(products.map((product) => product.sku)).toContain(sku);
    for (const fault of faults(definition)) expect(() => parseFault(fault, states)).not.toThrow();
  });

  it('fail a refund as often as it is tried', () => {
    const faults = SCENARIOS.find(({ id }) => id === 'refund-fails')?.faults(definition) ?? [];
    expect(faults.map((fault) => 'attempt' in fault && fault.attempt)).toEqual(
      Array.from({ length: 11 }, (_, index) => index + 1),
    );
  });

  it('ask for one more than there is', () => {
    const [line] =
      SCENARIOS.find(({ id }) => id === 'out-of-stock')?.order(seedProducts(), BY_SANDBOX).items ?? [];
    expect(line).toEqual({ sku: 'CUP-LIMITED', quantity: 4 });
  });
});

it('the console has words for each fault that the local stack knows', () => {
  expect(Object.keys(STATE_FAULTS)).toEqual([...FAULT_KINDS]);
  expect(Object.keys(LISTENER_FAULTS)).toEqual([...DELIVERY_FAULT_KINDS]);
});
