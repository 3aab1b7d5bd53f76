import { afterEach, describe, expect, it } from '@jest/globals';
import { type Definition, machineOf } from '../../local/aws/step-functions/state-machine.ts';
import { stepFunctions } from '../../local/aws/step-functions/step-functions.ts';
import { taskTokens } from '../../local/aws/step-functions/task-tokens.ts';
import { chance, type Strictness, strictest } from '../../local/faults/strictness.ts';
import { journal } from '../../local/journal.ts';
import type { Resource } from '../../local/template.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';
/** As JSON a text is two bytes longer: this one is just as long as data may be. */
const AT_MOST = 'x'.repeat(262_142);
const TOO_MUCH = `${AT_MOST}x`;

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:Answers';
/** Tries anything again, and catches everything. */
const task = (fields: object) => ({
  Type: 'Task',
  Resource: FUNCTION,
  Retry: [{ ErrorEquals: ['States.ALL'], MaxAttempts: 3 }],
  Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
  ...fields,
});
const CAUGHT = { Type: 'Pass', Result: 'caught', End: true };

let tried = 0;
let close = () => {};
afterEach(() => close());

const resourceOf = (definition: object): Resource =>
  ({
    logicalId: 'Machine',
    type: 'AWS::StepFunctions::StateMachine',
    properties: {
      StateMachineName: 'machine',
      DefinitionString: JSON.stringify(definition),
      RoleArn: 'arn:aws:iam::000000000000:role/Role',
    },
  }) as unknown as Resource;

/** Step Functions with one machine, whose tasks answer what they are told to. */
const engineOf = (definition: object, answer: unknown = null, strictness?: Strictness) => {
  tried = 0;
  const kept = journal(undefined);
  const tokens = taskTokens(kept);
  const run = async () => {
    tried += 1;
    return answer;
  };
  const { promise: ended, resolve: onEnded } = Promise.withResolvers<void>();
  const engine = stepFunctions({
    resources: [resourceOf(definition)],
    tasks: { run },
    tokens,
    statusChanges: { announce: () => onEnded() },
    faults: { bind: () => {} },
    chance: chance(strictness),
    journal: kept,
    timeScale: 0,
  });
  close = engine.close;
  return { call: engine.call, tokens, ended };
};

const start = (more: object) =>
  engineOf({ StartAt: 'Caught', States: { Caught: CAUGHT } }).call('StartExecution', {
    stateMachineArn: MACHINE,
    ...more,
  });

/** Runs a machine to its end. */
const endOf = async (States: Definition['States'] | object, answer?: unknown, input: unknown = {}) => {
  const StartAt = Object.keys(States)[0];
  const { call, ended } = engineOf({ StartAt, States }, answer);
  const { executionArn } = (await call('StartExecution', {
    stateMachineArn: MACHINE,
    input: JSON.stringify(input),
  })) as { executionArn: string };
  await ended;
  const history = async (more: object = {}) =>
    (await call('GetExecutionHistory', { executionArn, reverseOrder: true, ...more })) as {
      events: { id: number; type: string }[];
    };
  return { ...((await call('DescribeExecution', { executionArn })) as object), history };
};
const EXCEEDED = { status: 'FAILED', error: 'States.DataLimitExceeded' };

describe('an execution', () => {
  it.each(['a b', 'a/b', 'a:b', 'a#b', '[a]', 'a*', 'a\u0001', 'a😀', ''])(
    'cannot be named %j',
    async (name) => {
      await expect(start({ name })).rejects.toMatchObject({ name: 'InvalidName' });
    },
  );

  it('has a name of 80 characters at most', async () => {
    await expect(start({ name: 'x'.repeat(80) })).resolves.toMatchObject({
      executionArn: expect.stringMatching(/:x{80}$/),
    });
    await expect(start({ name: 'x'.repeat(81) })).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is not started with more than 256 KiB of input, or with what is no JSON', async () => {
    await expect(start({ input: JSON.stringify(AT_MOST) })).resolves.toBeDefined();
    await expect(start({ input: JSON.stringify(TOO_MUCH) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(start({ input: JSON.stringify('é'.repeat(140_000)) })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(start({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  });
});

describe('what is too much for a state', () => {
  it('as the answer of a task ends the execution, whatever it retries and catches', async () => {
    const end = await endOf({ Ask: task({ ResultPath: null, End: true }), Caught: CAUGHT }, TOO_MUCH);
    expect(end).toMatchObject({
      ...EXCEEDED,
      cause:
        "The state/task 'Ask' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
    expect(tried).toBe(1);
    const { events } = await end.history();
    expect(events[0]?.type).toBe('ExecutionFailed');
  });

  it('may be that much, and no more', async () => {
    const states = { Ask: task({ End: true }), Caught: CAUGHT };
    expect(await endOf(states, AT_MOST)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('as the parameters of a task ends the execution before the task is tried', async () => {
    const twice = { 'a.$': '$.text', 'b.$': '$.text' };
    const states = { Ask: task({ Parameters: twice, End: true }), Caught: CAUGHT };
    expect(await endOf(states, null, { text: 'x'.repeat(200_000) })).toMatchObject(EXCEEDED);
    expect(tried).toBe(0);
  });

  it('as the output of a state ends the execution before the next one is tried', async () => {
    const states = {
      Add: { Type: 'Pass', Result: 'x'.repeat(200_000), ResultPath: '$.more', Next: 'Ask' },
      Ask: task({ End: true }),
      Caught: CAUGHT,
    };
    expect(await endOf(states, null, { text: 'x'.repeat(200_000) })).toMatchObject(EXCEEDED);
    expect(tried).toBe(0);
  });

  it('as the output of the last state ends the execution, too', async () => {
    const states = { Add: { Type: 'Pass', Result: 'x'.repeat(200_000), ResultPath: '$.more', End: true } };
    const end = await endOf(states, null, { text: 'x'.repeat(200_000) });
    expect(end).toMatchObject(EXCEEDED);
    expect(end).toHaveProperty('output', undefined);
  });

  it('cannot be caught by name here: that is an error at start', () => {
    const Catch = [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Caught' }];
    const definition = { StartAt: 'Ask', States: { Ask: task({ Catch, End: true }), Caught: CAUGHT } };
    expect(() => machineOf(resourceOf(definition), 0)).toThrow(
      'machine: States.DataLimitExceeded in state Ask is not emulated locally',
    );
  });
});

it('a history ends with its event 25000', async () => {
  const end = await endOf({
    There: { Type: 'Pass', Next: 'Back' },
    Back: {
      Type: 'Choice',
      Choices: [{ Variable: '$.never', IsPresent: true, Next: 'Caught' }],
      Default: 'There',
    },
    Caught: CAUGHT,
  });
  expect(end).toMatchObject({
    status: 'FAILED',
    cause: 'The execution reached the maximum number of history events (25000).',
  });
  const { events } = await end.history({ maxResults: 1 });
  expect(events).toMatchObject([{ id: 25_000, type: 'ExecutionFailed' }]);
});

describe('a task is answered', () => {
  const waiting = () => {
    const { call, tokens } = engineOf({ StartAt: 'Caught', States: { Caught: CAUGHT } });
    const taskToken = tokens.issue(MACHINE);
    const answer = tokens.wait(taskToken, Infinity);
    answer.catch(() => {});
    return {
      answer,
      send: (operation: string, more: object) => call(operation, { taskToken, ...more }),
    };
  };

  it.each([
    ['SendTaskSuccess', { output: '{' }, 'InvalidOutput'],
    ['SendTaskSuccess', { output: JSON.stringify(TOO_MUCH) }, 'ValidationException'],
    ['SendTaskFailure', { error: 'e'.repeat(257) }, 'ValidationException'],
    ['SendTaskFailure', { cause: 'c'.repeat(32_769) }, 'ValidationException'],
  ])('by %s with what it may be, or goes on waiting', async (operation, bad, name) => {
    const { send, answer } = waiting();
    await expect(send(operation, bad)).rejects.toMatchObject({ name });
    await send('SendTaskSuccess', { output: '{"a":1}' });
    await expect(answer).resolves.toEqual({ a: 1 });
  });
});

it('a page may hold fewer events than were asked for: whoever reads goes on to the last one', async () => {
  const steps = ['A', 'B', 'C', 'D', 'E', 'F'];
  const States = Object.fromEntries(
    steps.map((name, index) => [
      name,
      { Type: 'Pass', ...(steps[index + 1] ? { Next: steps[index + 1] } : { End: true }) },
    ]),
  );
  const { call, ended } = engineOf({ StartAt: 'A', States }, null, strictest());
  const { executionArn } = (await call('StartExecution', { stateMachineArn: MACHINE, name: 'x' })) as {
    executionArn: string;
  };
  await ended;
  const sizes: number[] = [];
  let nextToken: string | undefined;
  do {
    const page = (await call('GetExecutionHistory', { executionArn, maxResults: 200, nextToken })) as {
      events: object[];
      nextToken?: string;
    };
    sizes.push(page.events.length);
    nextToken = page.nextToken;
  } while (nextToken);
  expect(sizes).toEqual([1, 10, 3]);
});
