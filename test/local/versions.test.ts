import { describe, expect, it } from '@jest/globals';
import { stepFunctions } from '../../local/aws/step-functions/step-functions.ts';
import type { Attempt } from '../../local/aws/step-functions/task.ts';
import { taskTokens } from '../../local/aws/step-functions/task-tokens.ts';
import { faultPlan } from '../../local/faults/faults.ts';
import { chance } from '../../local/faults/strictness.ts';
import { journal } from '../../local/journal.ts';
import { ACCOUNT, REGION, type Resource } from '../../local/template.ts';

const machineArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:M`;
const aliasArn = `${machineArn}:live`;
const functionArn = (name: string, version: number) =>
  `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}:${version}`;

const resource = (type: string, properties: object): Resource => ({
  logicalId: type.split('::').at(-1) ?? '',
  type,
  properties: properties as Resource['properties'],
  ref: '',
  arn: '',
  assetPath: undefined,
});

/** A chain of tasks, each by a version of its function, under the alias `live`. */
const chain = (version: number, ...names: readonly string[]): Resource[] => [
  resource('AWS::StepFunctions::StateMachine', {
    StateMachineName: 'M',
    RoleArn: 'role/R',
    DefinitionString: JSON.stringify({
      StartAt: names[0],
      States: Object.fromEntries(
        names.map((name, index) => [
          name,
          {
            Type: 'Task',
            Resource: functionArn(name, version),
            ...(names[index + 1] ? { Next: names[index + 1] } : { End: true }),
          },
        ]),
      ),
    }),
  }),
  resource('AWS::StepFunctions::StateMachineAlias', {
    Name: 'live',
    DeploymentPreference: { StateMachineVersionArn: `${machineArn}:${version}`, Type: 'ALL_AT_ONCE' },
  }),
];

/** Step Functions whose tasks tell what they were asked; the tasks of `held` wait until they are let go. */
const engineWith = (resources: readonly Resource[], held: string) => {
  const called: string[] = [];
  const begun = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const run = async ({ executionArn, state, machine }: Attempt) => {
    called.push(`${executionArn.split(':').at(-1)}: ${machine.definition.States[state]?.Resource}`);
    if (executionArn.endsWith(`:${held}`)) {
      begun.resolve();
      await gate.promise;
    }
    return {};
  };
  const ends = new Map<string, (status: unknown) => void>();
  const engine = stepFunctions({
    resources,
    tasks: { run },
    tokens: taskTokens(journal(undefined)),
    journal: journal(undefined),
    statusChanges: { announce: ({ name, status }) => ends.get(name)?.(status) },
    faults: faultPlan(),
    chance: chance(),
    timeScale: 0,
  });
  return {
    ...engine,
    called,
    begun: begun.promise,
    letGo: gate.resolve,
    /** Starts an execution; resolves to how it has ended. */
    start: (name: string): Promise<unknown> => {
      const ended = new Promise((resolve) => ends.set(name, resolve));
      return engine
        .call('StartExecution', { stateMachineArn: aliasArn, name, input: '{}' })
        .then(() => ended);
    },
    statesOf: async (name: string): Promise<string[]> => {
      const { events } = (await engine.call('GetExecutionHistory', {
        executionArn: `${machineArn.replace('stateMachine', 'execution')}:${name}`,
      })) as { events: { stateEnteredEventDetails?: { name: string } }[] };
      return events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
    },
  };
};

describe('an execution that began before its definition changed', () => {
  it('ends on the old definition, and calls the functions’ old versions; one that begins later is on the new', async () => {
    const engine = engineWith(chain(1, 'Charge', 'Reserve', 'Publish'), 'old');
    const old = engine.start('old');
    await engine.begun;

    engine.deploy(chain(2, 'Charge', 'Ship', 'Publish'));
    await expect(engine.start('new')).resolves.toBe('SUCCEEDED');
    engine.letGo();
    await expect(old).resolves.toBe('SUCCEEDED');

    expect(await engine.statesOf('old')).toEqual(['Charge', 'Reserve', 'Publish']);
    expect(await engine.statesOf('new')).toEqual(['Charge', 'Ship', 'Publish']);
    expect(engine.called).toEqual([
      `old: ${functionArn('Charge', 1)}`,
      ...['Charge', 'Ship', 'Publish'].map((name) => `new: ${functionArn(name, 2)}`),
      ...['Reserve', 'Publish'].map((name) => `old: ${functionArn(name, 1)}`),
    ]);
  });

  it('ends on it too where the state it is to go to is gone', async () => {
    const engine = engineWith(chain(1, 'Charge', 'Reserve'), 'old');
    const old = engine.start('old');
    await engine.begun;
    engine.deploy(chain(2, 'Ship'));
    engine.letGo();
    await expect(old).resolves.toBe('SUCCEEDED');
    expect(await engine.statesOf('old')).toEqual(['Charge', 'Reserve']);
  });

  it('is still the same execution where it is started again', async () => {
    const engine = engineWith(chain(1, 'Charge'), 'old');
    const old = engine.start('old');
    await engine.begun;
    engine.deploy(chain(2, 'Ship'));
    await expect(
      engine.call('StartExecution', { stateMachineArn: aliasArn, name: 'old', input: '{}' }),
    ).resolves.toMatchObject({ executionArn: `${machineArn.replace('stateMachine', 'execution')}:old` });
    engine.letGo();
    await expect(old).resolves.toBe('SUCCEEDED');
    expect(engine.called).toEqual([`old: ${functionArn('Charge', 1)}`]);
  });
});
