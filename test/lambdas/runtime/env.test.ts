import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { FraudThresholds } from '../../../configuration/fraud-thresholds.ts';
import { Json } from '../../../configuration/json.ts';
import { ConfigurationError, env, ResourceName } from '../../../lambdas/runtime/env.ts';

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
    process.env.ORDERS_TABLE = '';
    const read = () => env(z.object({ ORDERS_TABLE: ResourceName, AUDIT_TABLE: ResourceName }));
    expect(read).toThrow(ConfigurationError);
    expect(read).toThrow(/ORDERS_TABLE: .*AUDIT_TABLE: /);
  });

  it('names what is wrong within a value that is JSON, and a value that is none', () => {
    const model = z.object({ FRAUD_THRESHOLDS: Json.pipe(FraudThresholds) });
    process.env.FRAUD_THRESHOLDS = '{"EUR":{"total":1000,"piece":200}}';
    expect(env(model)).toEqual({
      FRAUD_THRESHOLDS: { EUR: { totalCents: 100_000, pieceCents: 20_000 } },
    });
    process.env.FRAUD_THRESHOLDS = '{"EUR":{"total":0.001,"piece":200}}';
    expect(() => env(model)).toThrow('FRAUD_THRESHOLDS.EUR.total: 0.001 EUR is no whole number');
    process.env.FRAUD_THRESHOLDS = '{"EUR":{"total":-1},"euro":{"total":1,"piece":1}}';
    expect(() => env(model)).toThrow(/FRAUD_THRESHOLDS\.EUR\.total: .*\.piece: .*FRAUD_THRESHOLDS\.euro: /);
    process.env.FRAUD_THRESHOLDS = 'a lot';
    expect(() => env(model)).toThrow('FRAUD_THRESHOLDS: is not JSON');
  });
});
