import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import {
  Adapter,
  ConfigurationError,
  env,
  noSandboxInProd,
  ResourceName,
  STAGE,
} from '../../../lambdas/runtime/env.ts';

const before = { ...process.env };
beforeEach(() => {
  process.env = {};
});
afterEach(() => {
  process.env = { ...before };
});

describe('the environment', () => {
  it('is read by its model, and nothing else of it is handed on', () => {
    Object.assign(process.env, { PAYMENTS_TABLE: 'Payments', OTHER: 'value' });
    expect(env(z.object({ PAYMENTS_TABLE: ResourceName }))).toEqual({ PAYMENTS_TABLE: 'Payments' });
  });

  it('names every missing or bad key at once', () => {
    Object.assign(process.env, { STAGE: 'production', ORDERS_TABLE: '' });
    const read = () => env(z.object({ STAGE, ORDERS_TABLE: ResourceName, AUDIT_TABLE: ResourceName }));
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(/STAGE: .*ORDERS_TABLE: .*AUDIT_TABLE: /);
  });

  it('keeps the values out of the error', () => {
    Object.assign(process.env, { MAILER: 'sk_live_secret' });
    expect(() => env(z.object({ MAILER: Adapter }))).toThrow(/^(?!.*sk_live_secret)/);
  });
});

describe('a sandbox adapter', () => {
  const model = z.object({ STAGE, MAILER: Adapter }).superRefine(noSandboxInProd('MAILER'));

  it('is refused in prod, by the name of its key', () => {
    Object.assign(process.env, { STAGE: 'prod', MAILER: 'sandbox' });
    expect(() => env(model)).toThrow('MAILER: the sandbox adapter is refused in stage prod');
  });

  it.each(['dev', 'staging'])('is welcome in %s', (stage) => {
    Object.assign(process.env, { STAGE: stage, MAILER: 'sandbox' });
    expect(env(model)).toEqual({ STAGE: stage, MAILER: 'sandbox' });
  });
});
