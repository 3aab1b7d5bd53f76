import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../lambdas/orders/reconcile-now.ts';
import { apiRequest, ask } from '../api-requests.ts';
import { type FunctionsInMemory, functionsInMemory } from '../functions-in-memory.ts';
import { tablesInMemory } from '../tables-in-memory.ts';

const mended = { started: ['ord_1'], settled: [], recovered: [], failed: [] };
let functions: FunctionsInMemory;
beforeEach(() => {
  tablesInMemory({ Actions: 'action' });
  functions = functionsInMemory({ 'order-saga-dev-ReconcileOrders': mended });
});
const reconcile = () => ask(handler, apiRequest({ customerId: 'operator-1' }));

describe('reconcile-now', () => {
  it('has the reconciler look, and tells what it has mended', async () => {
    await expect(reconcile()).resolves.toMatchObject({ status: 200, body: mended });
    expect(functions.invoked()).toEqual([['order-saga-dev-ReconcileOrders', {}]]);
  });

  it('does not claim to have mended anything where the reconciler fails', async () => {
    functions.fail('Sandbox.Timedout');
    await expect(reconcile()).resolves.toMatchObject({ status: 500 });
  });
});
