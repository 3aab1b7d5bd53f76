import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { PUT_EVENTS, WAIT_FOR_TOKEN } from '../../local/aws/step-functions/state-machine.ts';
import { type Attempt, taskRunner } from '../../local/aws/step-functions/task.ts';
import { taskTokens } from '../../local/aws/step-functions/task-tokens.ts';
import { type Fault, type FaultKind, faultPlan } from '../../local/faults/faults.ts';
import { gates, traceHeaderOf } from '../../local/faults/gates.ts';
import { journal } from '../../local/journal.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:order-saga-dev-ChargePayment:1';

/** What a workflow is told of a task that such a fault hits. */
const toldOf = async (resource: string, fault: FaultKind): Promise<Error> => {
  const faults = faultPlan();
  faults.add([{ orderId: 'ord_1', state: 'A', attempt: 1, fault } satisfies Fault]);
  const tasks = taskRunner({
    functions: { invoke: async () => ({ result: {} }) } as never,
    bus: { putEvents: () => ({ Entries: [{ EventId: '1' }], FailedEntryCount: 0 }) },
    permissions: { check: () => {} },
    faults,
    gates: gates(),
    tokens: taskTokens(journal(undefined)),
  });
  const machine = { arn: 'arn', role: 'Role', definition: { States: { A: { Resource: resource } } } };
  const input = { Entries: [{ Detail: {} }, { Detail: {} }] };
  const attempt = { machine, orderId: 'ord_1', state: 'A', attempt: 1, input, left: async () => {} };
  return tasks.run(attempt as unknown as Attempt).then(
    () => new Error('it has succeeded'),
    (error: Error) => error,
  );
};

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
it.each([
  [FUNCTION, 'error-before', 'InjectedError'],
  [FUNCTION, 'error-after', 'InjectedError'],
  [FUNCTION, 'crash', 'Runtime.ExitError'],
  [WAIT_FOR_TOKEN, 'error-before', 'InjectedError'],
] as const)(
  'of %s, %s is told as a function reports its error: its cause is JSON',
  async (resource, fault, name) => {
    const { name: told, message } = await toldOf(resource, fault);
    expect([told, JSON.parse(message)]).toEqual([
      name,
      { errorType: name, errorMessage: expect.any(String), trace: [] },
    ]);
  },
);

it('a throttle is told by Lambda, and not by the function', async () => {
  expect(await toldOf(FUNCTION, 'throttle')).toMatchObject({
    name: 'Lambda.TooManyRequestsException',
    message: 'Rate Exceeded.',
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html
it.each([
  ['error-before', 'InjectedError'],
  ['error-after', 'InjectedError'],
  ['throttle', 'ThrottlingException'],
  ['reported-failed', 'InternalFailure'],
] as const)('of a publication, %s is told as EventBridge refuses its entries', async (fault, ErrorCode) => {
  const { name, message } = await toldOf(PUT_EVENTS, fault);
  const entry = { ErrorCode, ErrorMessage: expect.any(String) };
  expect([name, JSON.parse(message)]).toEqual([
    'EventBridge.FailedEntry',
    { FailedEntryCount: 2, Entries: [entry, entry] },
  ]);
});

it.each(['timeout-after', 'reported-failed', 'abort'] as const)(
  'of %s a workflow is told once the handler has made its calls, and no sooner',
  async (fault) => {
    const faults = faultPlan();
    faults.add([{ orderId: 'ord_1', state: 'A', attempt: 1, fault, calls: 3 } satisfies Fault]);
    const gate = gates();
    let served = 0;
    const handler = async (_arn: string, _input: unknown, requestId: string) => {
      for (;;) {
        await gate.pass(traceHeaderOf(requestId));
        await setImmediate();
        served += 1;
      }
    };
    const tasks = taskRunner({
      functions: { invoke: handler } as never,
      bus: { putEvents: () => ({ Entries: [], FailedEntryCount: 0 }) },
      permissions: { check: () => {} },
      faults,
      gates: gate,
      tokens: taskTokens(journal(undefined)),
    });
    const attempt = {
      machine: { arn: 'arn', role: 'Role', definition: { States: { A: { Resource: FUNCTION } } } },
      orderId: 'ord_1',
      state: 'A',
      attempt: 1,
      input: {},
      left: () => new Promise(() => {}),
      get ended() {
        return Promise.reject(new Error('aborted'));
      },
      abort: () => {},
    };
    await expect(tasks.run(attempt as unknown as Attempt)).rejects.toThrow();
    expect(served).toBe(3);
  },
);
