import { AwsClient } from 'aws4fetch';
import { ACCOUNT, REGION, type Resource } from '../../template.ts';
import { AwsError } from '../aws-error.ts';
import { type Definition, type Machine, machineOf, type State, WAIT_FOR_TOKEN } from './state-machine.ts';

/** The beginning of our own Step Functions' ARNs. */
export const HERE = `arn:aws:states:${REGION}:${ACCOUNT}:`;

/** The longest time-out of a task: https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html */
const LONGEST_SECONDS = 99_999_999;

/** Only whole seconds are valid, and one at least: https://states-language.net/spec.html#errors */
const seconds = (asOnAws: number, timeScale: number): number => Math.max(1, Math.round(asOnAws * timeScale));

/** Time-outs of functions and publications stay, as these take as long here as on AWS. */
const toScale = (state: State, timeScale: number): State => {
  const retry = state.Retry?.map(({ IntervalSeconds = 1, MaxDelaySeconds, ...retrier }) => {
    const first = seconds(IntervalSeconds, timeScale);
    const most = MaxDelaySeconds && seconds(MaxDelaySeconds, timeScale);
    // With the longest delay no more than the first, a delay does not grow.
    return most && most <= first
      ? { ...retrier, IntervalSeconds: first, BackoffRate: 1 }
      : { ...retrier, IntervalSeconds: first, ...(most && { MaxDelaySeconds: most }) };
  });
  return {
    ...state,
    ...(retry && { Retry: retry }),
    ...(state.Resource === WAIT_FOR_TOKEN &&
      typeof state.TimeoutSeconds === 'number' && {
        TimeoutSeconds: timeScale === 0 ? LONGEST_SECONDS : seconds(state.TimeoutSeconds, timeScale),
      }),
    ...(typeof state.Seconds === 'number' && { Seconds: Math.round(state.Seconds * timeScale) }),
  };
};

/**
 * The definition for another engine, whose clock cannot be set: its waits are scaled.
 * @param timeScale what every delay (retries, waits) is multiplied by: 1 as on AWS
 */
export const definitionToScale = (definition: Definition, timeScale: number): Definition => ({
  ...definition,
  States: Object.fromEntries(
    Object.entries(definition.States).map(([name, state]) => [name, toScale(state, timeScale)]),
  ),
});

type Answer = Readonly<Record<string, unknown>>;
export type Call = <A = Answer>(operation: string, request: object) => Promise<A>;

/**
 * @throws AwsError as the engine answers it; ServiceUnavailable if nothing answers, or what answers is no such engine
 */
const caller = (endpoint: string): Call => {
  // Any keys will do for an engine on the same machine, but there has to be a signature.
  const client = new AwsClient({
    accessKeyId: 'operator',
    secretAccessKey: 'local',
    region: REGION,
    service: 'states',
    retries: 0,
  });
  const unavailable = (why: string) => new AwsError('ServiceUnavailable', why, {}, 503);
  return async <A>(operation: string, request: object): Promise<A> => {
    const response = await client
      .fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AWSStepFunctions.${operation}`,
        },
        body: JSON.stringify(request),
      })
      .catch(() => {
        throw unavailable(`nothing answers at ${endpoint}`);
      });
    const text = await response.text();
    let content: { readonly __type?: string; readonly message?: string; readonly Message?: string };
    try {
      content = JSON.parse(text);
    } catch {
      throw unavailable(`what answers at ${endpoint} is not Step Functions`);
    }
    if (response.ok) return content as A;
    const { __type = 'InternalFailure', message, Message = '' } = content;
    throw new AwsError(__type.split('#').at(-1) ?? __type, message ?? Message, {}, response.status);
  };
};

/** All pages of an operation that lists. */
export const everyPage = async <Item>(
  call: Call,
  operation: string,
  list: string,
  request: object,
): Promise<Item[]> => {
  const items: Item[] = [];
  let nextToken: string | undefined;
  do {
    const page: Answer = await call(operation, { ...request, ...(nextToken && { nextToken }) });
    items.push(...((page[list] as Item[] | undefined) ?? []));
    nextToken = page.nextToken as string | undefined;
  } while (nextToken);
  return items;
};

/** A request or an answer with the account and region of all its ARNs replaced. */
const withArns = <Value>(value: Value, rename: (arn: string) => string): Value =>
  JSON.parse(JSON.stringify(value), (key, inner) =>
    key.endsWith('Arn') && typeof inner === 'string' ? rename(inner) : inner,
  );

interface Alias {
  readonly name: string;
  readonly machineArn: string;
}

/** The template's aliases, each with what it stands for. */
const aliasesOf = (resources: readonly Resource[]): Alias[] =>
  resources
    .filter(({ type }) => type === 'AWS::StepFunctions::StateMachineAlias')
    .map(({ properties, arn }) => ({
      name: String(properties.Name),
      machineArn: arn.split(':').slice(0, 7).join(':'),
    }));

/** @returns whether executions can be started by the alias: not every engine knows aliases, or runs those it knows */
const publish = async (call: Call, name: string, stateMachineArn: string): Promise<boolean> => {
  try {
    const { stateMachineVersionArn } = await call('PublishStateMachineVersion', { stateMachineArn });
    const routingConfiguration = [{ stateMachineVersionArn, weight: 100 }];
    await call('CreateStateMachineAlias', { name, routingConfiguration }).catch(() =>
      call('UpdateStateMachineAlias', {
        stateMachineAliasArn: `${stateMachineArn}:${name}`,
        routingConfiguration,
      }),
    );
    await call('DescribeStateMachine', { stateMachineArn: `${stateMachineArn}:${name}` });
    return true;
  } catch {
    return false;
  }
};

/** The template's machines on another engine. */
export interface HandedOver {
  readonly endpoint: string;
  readonly machines: readonly Machine[];
  /** Whether executions are started by the template's aliases there, or by the machines themselves. */
  readonly hasAliases: boolean;
  /** One call of that engine, with ARNs in this account and region. @throws AwsError */
  readonly call: Call;
}

/**
 * Creates the template's state machines on the engine at that address, or updates them.
 * @throws Error if nothing answers there, if what answers is not Step Functions, or if it refuses a machine
 */
export const handOver = async (
  endpoint: string,
  resources: readonly Resource[],
  timeScale: number,
): Promise<HandedOver> => {
  const call = caller(endpoint);
  const machines = resources
    .filter(({ type }) => type === 'AWS::StepFunctions::StateMachine')
    .map((resource) => machineOf(resource, timeScale));
  const arns = new Map<string, string>();
  try {
    for (const { name, stateMachineArn } of await everyPage<{ name: string; stateMachineArn: string }>(
      call,
      'ListStateMachines',
      'stateMachines',
      {},
    ))
      arns.set(name, stateMachineArn);
    for (const { name, original, roleArn } of machines) {
      const definition = JSON.stringify(definitionToScale(original, timeScale));
      const stateMachineArn = arns.get(name);
      if (stateMachineArn) await call('UpdateStateMachine', { stateMachineArn, definition, roleArn });
      else {
        const created = await call('CreateStateMachine', { name, definition, roleArn });
        arns.set(name, String(created.stateMachineArn));
      }
    }
  } catch (error) {
    throw new Error(`--step-functions-endpoint: ${(error as Error).message}`);
  }
  const there = `${[...arns.values()][0]?.split(':').slice(0, 5).join(':')}:`;
  const toThere = (arn: string) => arn.replace(HERE, there);
  const usable = await Promise.all(
    aliasesOf(resources).map(({ name, machineArn }) => publish(call, name, toThere(machineArn))),
  );
  const hasAliases = usable.every(Boolean);
  const unqualified = (arn: string) =>
    hasAliases ? arn : arn.replace(/^(arn:[^:]+:states:[^:]*:[^:]*:stateMachine:[^:]+):.+$/, '$1');
  return {
    endpoint,
    machines,
    hasAliases,
    call: async <A>(operation: string, request: object) =>
      withArns(
        await call<A>(
          operation,
          withArns(request, (arn) => toThere(unqualified(arn))),
        ),
        (arn) => arn.replace(there, HERE),
      ),
  };
};
