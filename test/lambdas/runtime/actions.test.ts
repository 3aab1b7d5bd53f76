import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { onRecord } from '../../../lambdas/runtime/actions.ts';
import { type ApiCall, api } from '../../../lambdas/runtime/api.ts';
import { Problem } from '../../../lambdas/runtime/problem.ts';
import { apiRequest, askAny } from '../api-requests.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Actions: 'action' });
});
const on = (work: (call: ApiCall) => Promise<{ status: number; body: unknown }>) =>
  api(onRecord({ ACTIONS_TABLE: 'Actions' }, work));
const resume = (work: Parameters<typeof on>[0], routeKey = 'POST /ops/orders/{orderId}/resume') =>
  askAny(on(work), apiRequest({ routeKey, path: { orderId: 'ord_1' }, customerId: 'operator-1' }));
const noted = () => tables.rowsOf('Actions');

describe('what an operator asks for', () => {
  it('is on record before it is done, and after it with what was answered', async () => {
    const answer = await resume(async () => {
      expect(noted()).toMatchObject([{ by: 'operator-1' }]);
      expect(noted()[0]).not.toHaveProperty('status');
      return { status: 202, body: {} };
    });
    expect(answer.status).toBe(202);
    expect(noted()).toEqual([
      {
        actors: 'operators',
        action: expect.stringMatching(/^\d{4}-.*Z#/),
        at: expect.any(String),
        by: 'operator-1',
        route: 'POST /ops/orders/{orderId}/resume',
        on: 'ord_1',
        correlationId: expect.any(String),
        expiresAt: expect.any(Number),
        status: 202,
      },
    ]);
  });

  it.each<[number, Error]>([
    [409, new Problem('order-not-parked', 'no')],
    [500, new Error('oops')],
  ])('is on record with %i where it is refused or fails', async (status, error) => {
    const answer = await resume(async () => {
      throw error;
    });
    expect([answer.status, noted()[0]?.status]).toEqual([status, status]);
  });

  it('is not done where it cannot be put on record', async () => {
    let isDone = false;
    tables.beforeNextWrite(async () => {
      throw new Error('table away');
    });
    const answer = await resume(async () => {
      isDone = true;
      return { status: 202, body: {} };
    });
    expect([answer.status, isDone]).toEqual([500, false]);
  });

  it('counts as answered where only that could not be put on record', async () => {
    tables.calls.on(UpdateCommand).rejects(new Error('table away'));
    await expect(resume(async () => ({ status: 202, body: {} }))).resolves.toMatchObject({ status: 202 });
  });
});

it('of a role is on record with the role, and with what its session is called beside it', async () => {
  const session = { iam: { userId: 'AROA7:ada@example.com' } };
  const request = apiRequest({ routeKey: 'POST /ops/reconcile', authorizer: session });
  await askAny(
    on(async () => ({ status: 200, body: {} })),
    request,
  );
  expect(noted()).toMatchObject([{ by: 'AROA7', session: 'ada@example.com' }]);
});

it("a customer's own call is none of an operator's", async () => {
  await resume(async () => ({ status: 202, body: {} }), 'POST /orders/{orderId}/cancel');
  expect(noted()).toEqual([]);
});
