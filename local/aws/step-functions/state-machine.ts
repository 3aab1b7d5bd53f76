import aslValidator from 'asl-validator';
import type { Resource } from '../../template.ts';

export const PUT_EVENTS = 'arn:aws:states:::events:putEvents';
export const WAIT_FOR_TOKEN = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
export const isFunction = (resource: string | undefined) => resource?.startsWith('arn:aws:lambda:') ?? false;

interface Catcher {
  readonly ErrorEquals: readonly string[];
}
interface Retrier extends Catcher {
  readonly IntervalSeconds?: number;
  readonly MaxDelaySeconds?: number;
}
export interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly [field: string]: unknown;
}
export interface Definition {
  readonly StartAt: string;
  readonly QueryLanguage?: string;
  readonly States: Readonly<Record<string, State>>;
}

/** A state machine of the template, ready to run. */
export interface Machine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** The logical id of its role. */
  readonly role: string;
  /** The definition as it is run, with its delays to scale. */
  readonly definition: Definition;
  /** The definition as the template has it. */
  readonly original: Definition;
  /** Whether a state's task is a function, or else a service's call. */
  readonly isFunction: (state: string) => boolean;
  /** How long a state waits for a token, in ms; for ever at time scale 0. */
  readonly waitMs: (state: string) => number;
}

const NOT_EMULATED = [
  'HeartbeatSeconds',
  'HeartbeatSecondsPath',
  'TimeoutSecondsPath',
  'Credentials',
  'Iterator',
  'ItemProcessor',
  'Branches',
];

/** @throws Error naming the state and the field that cannot be run here */
const check = (name: string, definition: Definition): void => {
  // The validator writes into what it is given.
  const { isValid, errorsText } = aslValidator(structuredClone(definition), {
    checkPaths: true,
    checkArn: true,
  });
  if (!isValid) throw new Error(`${name} is not valid: ${errorsText('; ')}`);
  if (definition.QueryLanguage && definition.QueryLanguage !== 'JSONPath') {
    throw new Error(`${name}: QueryLanguage ${definition.QueryLanguage} is not emulated locally`);
  }
  for (const [stateName, state] of Object.entries(definition.States)) {
    const field = NOT_EMULATED.find((unsupported) => unsupported in state);
    if (field) throw new Error(`${name}: ${field} of state ${stateName} is not emulated locally`);
    // In this engine no Retry or Catch handles this error; on AWS it is States.ALL alone that does not.
    const named = [...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap(({ ErrorEquals }) => ErrorEquals);
    if (named.includes('States.DataLimitExceeded'))
      throw new Error(`${name}: States.DataLimitExceeded in state ${stateName} is not emulated locally`);
    if (
      state.Resource &&
      !isFunction(state.Resource) &&
      ![PUT_EVENTS, WAIT_FOR_TOKEN].includes(state.Resource)
    ) {
      throw new Error(`${name}: resource ${state.Resource} of state ${stateName} is not emulated locally`);
    }
  }
};

/** Out of reach, and yet within what a timer can hold: 24 days, in seconds. */
const NEVER = 2_000_000;

/**
 * The state as the engine runs it: its delays scaled, its task's time-out out of reach. A function gives up before its
 * task does (a test of the template holds that), but may have to queue here; and the wait for a token is timed by us,
 * to scale.
 */
const runnable = (state: State, timeScale: number): State => {
  const retry = state.Retry?.map((retrier) => ({
    ...retrier,
    IntervalSeconds: (retrier.IntervalSeconds ?? 1) * timeScale,
    ...(retrier.MaxDelaySeconds && { MaxDelaySeconds: retrier.MaxDelaySeconds * timeScale }),
  }));
  return {
    ...state,
    ...(state.Type === 'Task' && { TimeoutSeconds: NEVER }),
    ...(retry && { Retry: retry }),
    ...(typeof state.Seconds === 'number' && { Seconds: state.Seconds * timeScale }),
  };
};

/** @param timeScale what every delay (retries, waits) is multiplied by: 1 as on AWS, less for tests */
export const machineOf = ({ properties }: Resource, timeScale: number): Machine => {
  const { StateMachineName, DefinitionString, DefinitionSubstitutions, RoleArn } = properties as {
    StateMachineName: string;
    DefinitionString: string;
    DefinitionSubstitutions?: Readonly<Record<string, string>>;
    RoleArn: string;
  };
  const definition = JSON.parse(
    Object.entries(DefinitionSubstitutions ?? {}).reduce(
      (text, [name, value]) => text.replaceAll(`\${${name}}`, value),
      DefinitionString,
    ),
  ) as Definition;
  check(StateMachineName, definition);
  return {
    arn: `arn:aws:states:us-east-1:000000000000:stateMachine:${StateMachineName}`,
    name: StateMachineName,
    roleArn: RoleArn,
    role: RoleArn.split('/').at(-1) ?? '',
    original: definition,
    definition: {
      ...definition,
      States: Object.fromEntries(
        Object.entries(definition.States).map(([name, state]) => [name, runnable(state, timeScale)]),
      ),
    },
    isFunction: (state) => isFunction(definition.States[state]?.Resource),
    waitMs: (state) => {
      const seconds = (definition.States[state]?.TimeoutSeconds as number | undefined) ?? Infinity;
      return timeScale === 0 ? Infinity : seconds * 1_000 * timeScale;
    },
  };
};
