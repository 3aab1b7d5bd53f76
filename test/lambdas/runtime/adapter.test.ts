import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { adapterNames } from '../../../configuration/adapters.ts';
import { adapterOf } from '../../../lambdas/runtime/adapter.ts';
import { env, ResourceName } from '../../../lambdas/runtime/env.ts';

const before = { ...process.env };
beforeEach(() => {
  process.env = {};
});
afterEach(() => {
  process.env = { ...before };
});

interface Named {
  readonly prepare: (orderId: string) => Promise<string>;
}
const NAMES = adapterNames('paymentProvider');

/** What of a live adapter was loaded, and what that was told. */
let loads: object[];
const live = (name: string) => async (told: object) => {
  loads.push(told);
  return { prepare: async (orderId: string) => `${orderId} at ${name}` };
};
const MAKERS = {
  ...Object.fromEntries(NAMES.map((name) => [name, live(name)])),
  sandbox: (table: string) => ({ prepare: async (orderId: string) => `${orderId} in ${table}` }),
} as Parameters<typeof adapterOf<'paymentProvider', Named>>[1];
const chosen = () => {
  loads = [];
  return env(z.object({ PAYMENTS_TABLE: ResourceName }).and(adapterOf('paymentProvider', MAKERS)));
};
const sandbox = {
  STAGE: 'dev',
  PAYMENT_PROVIDER: 'sandbox',
  SANDBOX_PAYMENT_PROVIDER_TABLE: 'Charges',
  PAYMENTS_TABLE: 'Payments',
};
const stripe = {
  STAGE: 'prod',
  PAYMENT_PROVIDER: 'stripe',
  STRIPE_SECRET: 'arn:secret',
  STRIPE_WEBHOOK_SECRET: 'arn:webhooks',
  PAYMENTS_TABLE: 'Payments',
};

describe('the adapter behind a port', () => {
  it('is the one that the environment names, beside what else is read of that', async () => {
    Object.assign(process.env, sandbox);
    const { PAYMENTS_TABLE, adapter } = chosen();
    await expect(adapter.prepare('ord_1')).resolves.toBe('ord_1 in Charges');
    expect([PAYMENTS_TABLE, loads]).toEqual(['Payments', []]);
  });

  it('is loaded when it is first called, once, where it is no sandbox, and told what it needs', async () => {
    Object.assign(process.env, stripe);
    const { adapter } = chosen();
    expect(loads).toEqual([]);
    await expect(Promise.all([adapter.prepare('ord_1'), adapter.prepare('ord_2')])).resolves.toEqual([
      'ord_1 at stripe',
      'ord_2 at stripe',
    ]);
    expect(loads).toEqual([
      { stripeSecret: 'arn:secret', stripeWebhookSecret: 'arn:webhooks', stripePaymentMethods: ['card'] },
    ]);
  });

  it('may be awaited by itself', async () => {
    Object.assign(process.env, stripe);
    const adapter = await Promise.resolve(chosen().adapter);
    await expect(adapter.prepare('ord_1')).resolves.toBe('ord_1 at stripe');
  });

  it.each([
    [{ ...sandbox, PAYMENT_PROVIDER: 'sk_live_key' }, `PAYMENT_PROVIDER: is not one of ${NAMES.join(', ')}`],
    [{ ...sandbox, PAYMENT_PROVIDER: 'toString' }, `PAYMENT_PROVIDER: is not one of ${NAMES.join(', ')}`],
    [{ ...stripe, PAYMENT_PROVIDER: undefined }, `PAYMENT_PROVIDER: is not one of ${NAMES.join(', ')}`],
    [{ ...sandbox, STAGE: 'prod' }, 'PAYMENT_PROVIDER: the sandbox adapter is refused in stage prod'],
    [{ ...stripe, STRIPE_SECRET: undefined }, /STRIPE_SECRET: /],
    [{ ...stripe, STRIPE_SECRET: '', STAGE: 'live' }, /STAGE: .*; STRIPE_SECRET: /],
    [{ ...stripe, STRIPE_PAYMENT_METHODS: 'cash' }, 'STRIPE_PAYMENT_METHODS.0: each must be one of card'],
    [
      { ...sandbox, SANDBOX_PAYMENT_PROVIDER_TABLE: undefined, PAYMENTS_TABLE: undefined },
      /PAYMENTS_TABLE: .*; SANDBOX_PAYMENT_PROVIDER_TABLE: /,
    ],
  ])('is refused by the keys that are bad, all at once and without a value: %j', (environment, message) => {
    for (const [key, value] of Object.entries(environment)) if (value !== undefined) process.env[key] = value;
    expect(chosen).toThrow(message);
    expect(chosen).toThrow(/^(?!.*sk_live_key)/);
  });

  it('is welcome as a sandbox in staging', () => {
    Object.assign(process.env, { ...sandbox, STAGE: 'staging' });
    expect(chosen).not.toThrow();
  });
});
