import { InvokeCommand, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { handler } from '../../../../lambdas/orders/api/reconcile-now.ts';
import { apiRequest, ask } from '../../api-requests.ts';
import { type FunctionsInMemory, functionsInMemory } from '../../functions-in-memory.ts';
import { tablesInMemory } from '../../tables-in-memory.ts';

const mended = { started: ['ord_1'], settled: [], recovered: [], failed: [], looked: 3, more: true };
let functions: FunctionsInMemory;
beforeEach(() => {
  tablesInMemory({ Actions: 'action' });
  functions = functionsInMemory({ 'order-saga-dev-ReconcileOrders': mended });
});
const reconcile = () =>
  ask(handler, apiRequest({ routeKey: 'POST /ops/reconcile', customerId: 'operator-1' }));

describe('reconcile-now', () => {
  it('has the reconciler look, and tells what it has mended', async () => {
    await expect(reconcile()).resolves.toMatchObject({ status: 200, body: mended });
    expect(functions.invoked()).toEqual([['order-saga-dev-ReconcileOrders', { everything: true }]]);
  });

  it('says where a pass is under way already, as that is all there is room for', async () => {
    functions.calls
      .on(InvokeCommand)
      .rejects(new TooManyRequestsException({ $metadata: {}, message: 'Rate Exceeded.' }));
    await expect(reconcile()).resolves.toMatchObject({
      status: 409,
      body: { type: 'urn:order-saga:problem:reconciliation-under-way' },
    });
  });

  it('does not claim to have mended anything where the reconciler fails', async () => {
    functions.fail('Sandbox.Timedout');
    await expect(reconcile()).resolves.toMatchObject({ status: 500 });
  });
});
