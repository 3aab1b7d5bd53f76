import { setTimeout as delay } from 'node:timers/promises';
import { PUT_EVENTS, WAIT_FOR_TOKEN } from '../../local/aws/step-functions/state-machine.ts';
import { stepFunctions } from '../../local/aws/step-functions/step-functions.ts';
import type { Attempt } from '../../local/aws/step-functions/task.ts';
import { taskTokens } from '../../local/aws/step-functions/task-tokens.ts';
import { faultPlan } from '../../local/faults/faults.ts';
import { chance } from '../../local/faults/strictness.ts';
import { serveHttp } from '../../local/http.ts';
import { journal } from '../../local/journal.ts';

const ELSEWHERE = 'arn:aws:states:eu-west-1:123456789012:';
const HERE = 'arn:aws:states:us-east-1:000000000000:';

const named = (name: string, message = '') => Object.assign(new Error(message), { name });

interface Answer {
  readonly __type: string;
  readonly message: string;
  readonly errorType: string;
  readonly FailedEntryCount: number;
}

interface Options {
  /** Where it finds Lambda and EventBridge. */
  readonly awsEndpoint: string;
  readonly hasAliases?: boolean;
}

/**
 * Another engine, as little of one as Step Functions Local is: of another account and region, without aliases, and it
 * announces nothing. Retries come at once.
 */
export const fakeEngine = async ({ awsEndpoint, hasAliases = false }: Options) => {
  const impatientAt = new Set<string>();
  const created = new Map<string, Record<string, unknown>>();
  const asked: { readonly operation: string; readonly request: Record<string, unknown> }[] = [];
  const kept = journal(undefined);
  const tokens = taskTokens(kept);

  const ask = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${awsEndpoint}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', ...headers },
      body: JSON.stringify(body),
    });
    const content = (await response.json()) as Answer;
    if (!response.ok) throw named(content.__type, content.message);
    if (response.headers.has('x-amz-function-error')) throw named(content.errorType, JSON.stringify(content));
    return content;
  };
  const invoke = (functionArn: string, event: unknown) =>
    ask(`/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`, event).catch(
      (error: Error) => {
        throw error.name.endsWith('Exception') ? named(`Lambda.${error.name}`, error.message) : error;
      },
    );
  const publish = async ({ Entries }: { Entries: { Detail: object }[] }, Resources: readonly string[]) => {
    const answer = await ask(
      '/',
      { Entries: Entries.map((entry) => ({ ...entry, Detail: JSON.stringify(entry.Detail), Resources })) },
      { 'x-amz-target': 'AWSEvents.PutEvents' },
    );
    if (answer.FailedEntryCount > 0) throw named('EventBridge.FailedEntry', JSON.stringify(answer));
    return answer;
  };
  const run = async ({ machine, executionArn, state, input, token, ended }: Attempt): Promise<unknown> => {
    const resource = machine.original.States[state]?.Resource ?? '';
    if (resource === WAIT_FOR_TOKEN) {
      const { FunctionName, Payload } = input as { FunctionName: string; Payload: object };
      await invoke(FunctionName, Payload);
      return Promise.race([tokens.wait(token, Infinity), ended]);
    }
    const arns = [executionArn, machine.arn].map((arn) => arn.replace(HERE, ELSEWHERE));
    const work = resource === PUT_EVENTS ? publish(input as never, arns) : invoke(resource, input);
    work.catch(() => {});
    const timeout = delay(impatientAt.has(state) ? 1_000 : 60_000, undefined, { ref: false }).then(() => {
      throw named('States.Timeout');
    });
    return Promise.race([work, timeout]);
  };

  const engine = stepFunctions({
    resources: [],
    tasks: { run },
    tokens,
    statusChanges: { announce: () => {} },
    faults: faultPlan(),
    chance: chance(),
    journal: kept,
    timeScale: 0,
  });
  const deploy = (StateMachineName: string, request: Record<string, unknown>) => {
    created.set(StateMachineName, request);
    engine.deploy([
      {
        type: 'AWS::StepFunctions::StateMachine',
        properties: { StateMachineName, DefinitionString: request.definition, RoleArn: request.roleArn },
      } as never,
    ]);
  };
  const nameIn = (arn: unknown) => String(arn).split(':')[6] ?? '';
  const operations: Readonly<Record<string, (request: Record<string, unknown>) => object>> = {
    ListStateMachines: () => ({
      stateMachines: [...created.keys()].map((name) => ({
        name,
        stateMachineArn: `${HERE}stateMachine:${name}`,
      })),
    }),
    CreateStateMachine: (request) => {
      deploy(String(request.name), request);
      return { stateMachineArn: `${HERE}stateMachine:${request.name}` };
    },
    UpdateStateMachine: (request) => {
      deploy(nameIn(request.stateMachineArn), request);
      return {};
    },
    ...(hasAliases && {
      PublishStateMachineVersion: ({ stateMachineArn }) => ({
        stateMachineVersionArn: `${stateMachineArn}:1`,
      }),
      CreateStateMachineAlias: ({ name, routingConfiguration }) => {
        const [{ stateMachineVersionArn }] = routingConfiguration as [{ stateMachineVersionArn: string }];
        engine.deploy([
          {
            type: 'AWS::StepFunctions::StateMachineAlias',
            properties: {
              Name: name,
              DeploymentPreference: { StateMachineVersionArn: stateMachineVersionArn },
            },
          } as never,
        ]);
        return {};
      },
      DescribeStateMachine: () => ({}),
    }),
  };
  const server = await serveHttp(0, async ({ headers, body }) => {
    const [, operation = ''] = (headers['x-amz-target'] ?? '').split('.');
    const request = JSON.parse(body.toString().replaceAll(ELSEWHERE, HERE));
    asked.push({ operation, request: JSON.parse(body.toString()) });
    const answer = (status: number, content: object) => ({
      status,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify(content).replaceAll(HERE, ELSEWHERE),
    });
    try {
      return answer(200, (await operations[operation]?.(request)) ?? (await engine.call(operation, request)));
    } catch (error) {
      const { name, message } = error as Error;
      return answer(400, { __type: `com.amazonaws.stepfunctions#${name}`, message });
    }
  });
  return {
    url: server.url,
    /** What it was asked for so far, as it was asked. */
    asked,
    /** The states whose tasks time out after a second, whatever the definition says. */
    impatientAt,
    /** By its name, as it was handed over last. */
    definitionOf: (name: string) => JSON.parse(String(created.get(name)?.definition)),
    close: async () => {
      engine.close();
      await server.close();
    },
  };
};
export type FakeEngine = Awaited<ReturnType<typeof fakeEngine>>;
