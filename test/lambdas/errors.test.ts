import { expect, it } from '@jest/globals';
import * as inventory from '../../lambdas/inventory/errors.ts';
import * as payment from '../../lambdas/payment/errors.ts';
import { OrderAlreadyCancelledError } from '../../lambdas/runtime/errors.ts';
import * as shipment from '../../lambdas/shipment/errors.ts';

it.each(Object.entries({ ...inventory, ...payment, ...shipment, OrderAlreadyCancelledError }))(
  '%s is caught by its name, and says of which order it is',
  (name, ErrorOfStep) => {
    const error: Error = Reflect.construct(ErrorOfStep, ['ord_1', ['a reason']]);
    expect(error.name).toBe(name);
    expect(error.message).toContain('ord_1');
  },
);
