import { InvokeCommand } from '@aws-sdk/client-lambda';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { invoke, ServiceCallError } from '../../../lambdas/runtime/lambda.ts';
import { type FunctionsInMemory, functionsInMemory } from '../functions-in-memory.ts';

let functions: FunctionsInMemory;
beforeEach(() => {
  functions = functionsInMemory({ CheckShipment: { isDispatched: true }, ReleaseInventory: null });
});
const ask = () => invoke('CheckShipment', { orderId: 'ord_1' });

describe("a call of another service's function", () => {
  it('hands it the input as JSON, and reads its answer', async () => {
    await expect(ask()).resolves.toEqual({ isDispatched: true });
    expect(functions.invoked()).toEqual([['CheckShipment', { orderId: 'ord_1' }]]);
  });

  it('waits for the answer', async () => {
    await ask();
    const { InvocationType } = functions.calls.commandCall(0, InvokeCommand).args[0].input;
    expect(InvocationType ?? 'RequestResponse').toBe('RequestResponse');
  });

  it('may be answered by nothing', async () => {
    await expect(invoke('ReleaseInventory', {})).resolves.toBeNull();
    functions.calls.on(InvokeCommand).resolves({ StatusCode: 200 });
    await expect(ask()).resolves.toBeNull();
  });

  it('fails where the function does, though the call succeeded', async () => {
    functions.fail('InventoryUnavailableError');
    const failed = ask();
    await expect(failed).rejects.toBeInstanceOf(ServiceCallError);
    await expect(failed).rejects.toThrow(/^CheckShipment failed: .*InventoryUnavailableError/);
  });

  it('passes on the failure of the call itself', async () => {
    functions.calls.on(InvokeCommand).rejects(new Error('Lambda away'));
    await expect(ask()).rejects.toThrow('Lambda away');
  });
});
