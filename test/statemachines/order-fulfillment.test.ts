import { describe, expect, it } from '@jest/globals';
import validate from 'asl-validator';
import { contracts } from '../../contracts/contracts.ts';
import { jsonSchemaOf } from '../../contracts/json-schema.ts';
import { type Contract, keyOf, SOURCE } from '../../events/contract.ts';
import {
  FIRST_UNDO,
  KEEP,
  STEP_NAMES,
  STEPS,
  type Step,
  type StepName,
  UNDOS,
  WAITS,
} from '../../saga/steps.ts';
import { compensationGraph, FENCE, isPark, pathFrom, reachableFrom } from './compensation-graph.ts';
import { orderFulfillment, PUT_EVENTS, placeholdersIn, WAIT_FOR_TOKEN } from './definition.ts';
import { errorClasses, handlers } from './sources.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html, and the pages on Lambda and EventBridge. */
const SERVICE_ERRORS = [
  'States.ALL',
  'States.DataLimitExceeded',
  'States.HeartbeatTimeout',
  'States.IntrinsicFailure',
  'States.ParameterPathFailure',
  'States.Permissions',
  'States.ResultPathMatchFailure',
  'States.TaskFailed',
  'States.Timeout',
  'Lambda.AWSLambdaException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.SdkClientException',
  'Lambda.ServiceException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
  'EventBridge.FailedEntry',
];

interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: Readonly<Record<'metadata' | 'data', Readonly<Record<string, unknown>>>>;
}

const sagaSteps: readonly Step[] = Object.values(STEPS);
const { checkCompensation, checkWaits, checkParking, isUndo, undoOf } = compensationGraph(STEPS);

const states = Object.entries(orderFulfillment.States).map(([name, state]) => ({ name, ...state }));
const tasks = states.filter(({ Type }) => Type === 'Task');
const happyPath = pathFrom(orderFulfillment, orderFulfillment.StartAt);
const steps = tasks.filter(({ name }) => happyPath.includes(name) && undoOf(name));
const undos = tasks.filter(({ name }) => isUndo(name));
const keeping = tasks.filter(({ name }) => name === KEEP);
const publications = tasks.filter(({ Resource }) => Resource === PUT_EVENTS);
const parks = tasks.filter(({ name }) => isPark(orderFulfillment, name));
const waits = tasks.filter(({ name }) => WAITS.has(name));

describe('the definition', () => {
  it('is valid by the States Language', () => {
    // A copy, as the validator writes into what it reads. It knows placeholders, where it checks ARNs.
    const options = { checkPaths: true, checkArn: true };
    const { isValid, errorsText } = validate(structuredClone(orderFulfillment), options);
    expect(isValid ? [] : errorsText('\n')).toEqual([]);
  });

  it('has no time-out of its own, which would end a run without its undo', () => {
    expect(orderFulfillment).not.toHaveProperty('TimeoutSeconds');
  });

  it('speaks JSONPath and nothing else', () => {
    const languages = JSON.stringify(orderFulfillment).match(/"QueryLanguage":"\w+"/g) ?? [];
    expect(languages.filter((language) => language !== '"QueryLanguage":"JSONPath"')).toEqual([]);
    expect(JSON.stringify(orderFulfillment)).not.toContain('{%');
  });

  it('has no state that cannot be reached', () => {
    const reached = reachableFrom(orderFulfillment, orderFulfillment.StartAt);
    expect([...reached].sort()).toEqual(states.map(({ name }) => name).sort());
  });

  it('runs the steps of the saga, in their order, and each has its undo', () => {
    expect(happyPath).toEqual([...STEP_NAMES, 'PublishOrderConfirmed']);
    expect(undos.map(({ name }) => name).sort()).toEqual([...UNDOS].sort());
  });

  it('has no task that is neither a step of the saga nor an undo, what keeps, publishes, waits or parks', () => {
    const known = [...steps, ...undos, ...keeping, ...publications, ...waits, ...parks].map(
      ({ name }) => name,
    );
    expect(tasks.map(({ name }) => name).sort()).toEqual(known.sort());
  });

  it('undoes what may have been done, in reverse, whatever fails', () => {
    expect(checkCompensation(orderFulfillment)).toEqual([]);
  });

  it('waits for what others decide, and does the step again', () => {
    expect(checkWaits(orderFulfillment)).toEqual([]);
  });

  it('parks where an undo or a publication fails for long, and goes on from there', () => {
    expect(checkParking(orderFulfillment)).toEqual([]);
  });
});

describe.each(tasks)('$name', ({ name, Resource, TimeoutSeconds, Retry = [], Catch = [], ...state }) => {
  const isOf = (group: typeof tasks) => group.some((task) => task.name === name);

  it('is the name of its function and its file, or publishes, or waits', () => {
    const calls = placeholdersIn({ Resource, ...state }).filter((placeholder) => placeholder.endsWith('Arn'));
    const waiting = isOf(waits) ? 'AwaitPayment' : undefined;
    const called = isOf(publications) ? [] : [isOf(parks) ? 'ParkOrder' : (waiting ?? name)];
    expect(calls).toEqual(called.map((each) => `${each}FunctionArn`));
    expect([...handlers.keys()]).toEqual(expect.arrayContaining(called));
  });

  it('gives up in time', () => {
    expect(TimeoutSeconds).toBeGreaterThan(0);
  });

  it('retries with backoff, a cap on the delay, and full jitter', () => {
    const retriers = Retry.filter(({ MaxAttempts }) => MaxAttempts !== 0);
    expect(retriers).not.toEqual([]);
    for (const { IntervalSeconds = 1, BackoffRate, MaxDelaySeconds, JitterStrategy } of retriers) {
      expect(BackoffRate).toBeGreaterThan(1);
      expect(MaxDelaySeconds).toBeGreaterThan(IntervalSeconds);
      expect(JitterStrategy).toBe('FULL');
    }
  });

  it('names what it never retries before what it does: the first match counts', () => {
    const never = Retry.map(({ MaxAttempts }) => MaxAttempts === 0);
    expect(never).toEqual([...never].sort().reverse());
    const [refused, retried] = [true, false].map((each) =>
      Retry.filter(({ MaxAttempts }) => (MaxAttempts === 0) === each).flatMap(
        ({ ErrorEquals }) => ErrorEquals,
      ),
    );
    expect(refused?.filter((error) => retried?.includes(error) || error === 'States.ALL')).toEqual([]);
  });

  it('catches everything, last and by itself; a parking the end of its wait alone', () => {
    const isParking = parks.some((park) => park.name === name);
    expect(Catch.at(-1)?.ErrorEquals).toEqual([isParking ? 'States.Timeout' : 'States.ALL']);
  });

  it('matches errors that exist', () => {
    const named = [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals);
    const existing = [...SERVICE_ERRORS, ...errorClasses.keys()];
    expect(named.filter((error) => !existing.includes(error))).toEqual([]);
  });
});

describe.each(steps)('the step $name', ({ name, Parameters, Retry = [], Catch = [] }) => {
  const { takes, refusals, unavailable, waits: awaited = {} } = STEPS[name as StepName] as Step;
  const businessErrors = Object.keys(refusals);
  const undecided = Object.keys(awaited);

  it('catches by name the business errors that the saga knows, the fence, and what is not decided yet', () => {
    expect(businessErrors).not.toEqual([]);
    const named = Catch.slice(0, -1).flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(named).toEqual([...businessErrors, FENCE, ...undecided]);
  });

  it('is handed what the saga says that it takes, as it stands in the order', () => {
    const fields = ['orderId', 'correlationId', ...takes];
    expect(Parameters).toEqual(Object.fromEntries(fields.map((field) => [`${field}.$`, `$.${field}`])));
  });

  it('raises what the saga says by its own service, and retries what is said to be unavailable', () => {
    const errors = [...businessErrors, ...undecided, ...Object.keys(unavailable)];
    const { service } = handlers.get(name) ?? {};
    expect(errors.map((error) => [error, errorClasses.get(error)])).toEqual(
      errors.map((error) => [error, service]),
    );
    const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
    expect(retried.filter((error) => errorClasses.get(error) === service)).toEqual(Object.keys(unavailable));
  });

  // What is left out here loses a good order at its first attempt.
  it.each(SERVICE_ERRORS.filter((error) => /^(Lambda|Runtime|Sandbox)\./.test(error)))(
    'retries %s: the function, or Lambda, may do better',
    (error) => {
      expect(Retry.flatMap(({ ErrorEquals }) => ErrorEquals)).toContain(error);
    },
  );

  it('does not retry a business error', () => {
    const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
    const refused = [...businessErrors, ...undecided, FENCE, 'States.ALL', 'States.TaskFailed'];
    expect(retried.filter((error) => refused.includes(error))).toEqual([]);
  });

  it('keeps its failure, beside the order, as the reason of the cancellation', () => {
    const failures = Catch.filter(
      ({ ErrorEquals }) => !undecided.some((error) => ErrorEquals.includes(error)),
    );
    expect(failures.map(({ ResultPath }) => ResultPath)).toEqual(failures.map(() => '$.failure'));
  });
});

describe.each(waits)('the wait $name', ({ name, Parameters, Retry = [], Catch = [] }) => {
  it('is told whose turn it is, and what tells its attempts apart', () => {
    expect(Parameters?.Payload).toEqual({
      'orderId.$': '$.orderId',
      'correlationId.$': '$.correlationId',
      by: WAITS.get(name)?.by,
      'entered.$': '$$.State',
      'token.$': '$$.Task.Token',
    });
  });

  it('does not begin anew when it is over', () => {
    expect(Retry[0]).toEqual({ ErrorEquals: ['States.Timeout'], MaxAttempts: 0 });
  });

  it('keeps its failure, beside the order, as the reason of the cancellation', () => {
    expect(Catch.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], ResultPath: '$.failure' });
  });
});

describe.each([...undos, ...keeping, ...publications])('beyond the steps, $name', ({ Catch = [] }) => {
  it('keeps its own failure apart from the first one', () => {
    expect(Catch.map(({ ResultPath }) => ResultPath)).toEqual(['$.undoFailure']);
  });
});

describe.each([...undos, ...keeping, ...publications, ...waits, ...parks])(
  'beyond the steps, $name',
  ({ Retry = [] }) => {
    it('is retried for minutes, whatever the error, before anybody is called', () => {
      const {
        ErrorEquals,
        IntervalSeconds = 0,
        BackoffRate = 1,
        MaxDelaySeconds = 0,
        MaxAttempts = 0,
      } = Retry.at(-1) ?? { ErrorEquals: [] };
      expect(ErrorEquals).toEqual(['States.ALL']);
      const delays = Array.from({ length: MaxAttempts }, (_, attempt) =>
        Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds),
      );
      expect(delays.reduce((sum, delay) => sum + delay, 0)).toBeGreaterThan(5 * 60);
    });
  },
);

describe.each(keeping)('$name', ({ ResultPath, Retry = [], Catch = [] }) => {
  it('learns of the parcel what its booking did not live to tell', () => {
    expect(ResultPath).toBe('$.shipment');
  });

  it('is not tried again for what no retry changes, and parks as an undo', () => {
    expect(Retry[0]).toEqual({
      ErrorEquals: ['ShipmentNotDispatchedError', 'OrderAlreadyCancelledError'],
      MaxAttempts: 0,
    });
    expect(Catch.map(({ Next }) => Next)).toEqual(['ParkUndo']);
  });
});

describe.each(undos)('the undo $name', ({ name, Parameters, ResultPath, Retry = [], Catch = [] }) => {
  it('is told what an operator has settled by hand', () => {
    expect(Parameters).toMatchObject({ 'resolutions.$': '$.resolutions' });
  });

  it('leaves the order as it is, so that it may be repeated', () => {
    expect(ResultPath).toBeNull();
  });

  it('does not pass for a clean cancellation where it has failed', () => {
    const next = Catch.map(({ Next }) => Next);
    expect(next.filter((state) => ['PublishOrderCancelled', 'OrderCancelled'].includes(state))).toEqual([]);
  });

  it('is not tried again for what no retry changes', () => {
    const { hopeless = [] } = sagaSteps.find(({ undo }) => undo.name === name)?.undo ?? {};
    const never = Retry.filter(({ MaxAttempts }) => MaxAttempts === 0);
    expect(never.flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(hopeless);
  });

  if (name === FIRST_UNDO) {
    it('stops the chain where it has failed: what may still ship is not refunded', () => {
      expect(Catch.map(({ Next }) => Next)).toEqual(['ParkUndo']);
    });
  }
});

describe.each(parks)(
  'the parking $name',
  ({ name, Resource, Parameters, ResultPath, TimeoutSeconds, ...rest }) => {
    const { Retry = [], Catch = [] } = rest;

    it('hands ParkOrder a token, and waits for whoever has it, a day at most', () => {
      expect(Resource).toBe(WAIT_FOR_TOKEN);
      expect(Parameters?.FunctionName).toBe('${ParkOrderFunctionArn}');
      expect(TimeoutSeconds).toBe(24 * 60 * 60);
    });

    it('tells ParkOrder all that it asks for, and no more', () => {
      expect(Parameters?.Payload).toEqual({
        'orderId.$': '$.orderId',
        'correlationId.$': '$.correlationId',
        'customerId.$': '$.customerId',
        state: name,
        'error.$': '$.undoFailure.Error',
        'entered.$': '$$.State',
        'token.$': '$$.Task.Token',
        'resolutions.$': '$.resolutions',
      });
    });

    it('does not wait another day where nobody came', () => {
      expect(Retry[0]).toEqual({ ErrorEquals: ['States.Timeout'], MaxAttempts: 0 });
    });

    // Going on where ParkOrder itself has failed would hide the order: the execution ends, which an alarm tells of, and is
    // recovered, at last by parking the order without a workflow.
    it('goes on as if resumed where nobody came, with nothing lost of what it knew, and only then', () => {
      // Where there was a word it is asked for: of ParkUndo it may be that the order is kept.
      const next = orderFulfillment.States[rest.Next ?? ''];
      const Next = next?.Type === 'Choice' ? next.Default : rest.Next;
      expect(Catch).toEqual([{ ErrorEquals: ['States.Timeout'], ResultPath: null, Next }]);
    });

    it('takes up the resolutions of the operator where there is something to undo', () => {
      expect(ResultPath).toBe(name === 'ParkUndo' ? '$.resolutions' : null);
    });
  },
);

describe('the way out of a parking', () => {
  it.each([
    ['ParkUndo', 'IsKept'],
    ['ParkConfirmation', 'PublishOrderConfirmed'],
    ['ParkKeeping', 'PublishOrderKept'],
    ['ParkCancellation', 'PublishOrderCancelled'],
  ])('%s goes on with %s', (park, next) => {
    expect(orderFulfillment.States[park]?.Next).toBe(next);
  });

  it('to the undos forgets what failed before, and begins with the first of them', () => {
    expect(orderFulfillment.States.RetryUndo).toMatchObject({
      Type: 'Pass',
      Result: {},
      ResultPath: '$.undoFailure',
      Next: FIRST_UNDO,
    });
  });

  it('of an undo is the undo, unless the operator has said that the order is kept', () => {
    expect(orderFulfillment.States.IsKept).toMatchObject({
      Type: 'Choice',
      Choices: [{ Variable: '$.resolutions.KeepShipment', IsPresent: true, Next: 'KeepShipment' }],
      Default: 'RetryUndo',
    });
  });

  it('is one of four', () => {
    expect(parks.map(({ name }) => name).sort()).toEqual([
      'ParkCancellation',
      'ParkConfirmation',
      'ParkKeeping',
      'ParkUndo',
    ]);
  });
});

/** Each event that the workflow publishes, in the order of its versions. */
const published = publications.map(({ name, Parameters }) => {
  const entries = (Parameters?.Entries ?? []) as readonly Entry[];
  return { name, entries, versions: contracts.filter(({ type }) => name === `Publish${type}`) };
});

describe.each(published)('the publication $name', ({ entries, versions }) => {
  it('publishes every version of the one event that it is named after, on our bus and as our source', () => {
    expect(versions).not.toEqual([]);
    expect(entries.map(({ DetailType, Detail }) => [DetailType, Detail.metadata.schemaVersion])).toEqual(
      versions.map(({ type, version }) => [type, version]),
    );
    for (const entry of entries)
      expect(entry).toMatchObject({ EventBusName: '${OrderBusName}', Source: SOURCE });
  });
});

it('the workflow publishes all that its contracts say it does', () => {
  const ours = contracts.filter(({ owner }) => owner === 'order-fulfillment');
  expect(published.flatMap(({ versions }) => versions.map(keyOf)).sort()).toEqual(ours.map(keyOf).sort());
});

const entries = published.flatMap(({ entries, versions }) =>
  entries.map((entry, index) => {
    const contract = versions[index] as Contract;
    return { key: keyOf(contract), contract, entry };
  }),
);

describe.each(entries)('the entry of $key', ({ key, contract, entry: { DetailType, Detail } }) => {
  it('derives the event id from the order', () => {
    const name = contract.version === 1 ? DetailType : key;
    // What may happen to an order more than once has an occasion: to be kept, the wait that it ends.
    const [occasion, of] = DetailType === 'OrderKept' ? ['#{}', `, ${Detail.data['parkedAt.$']}`] : ['', ''];
    expect(Detail.metadata['eventId.$']).toBe(`States.Format('{}#${name}${occasion}', $.orderId${of})`);
  });

  it.each(['metadata', 'data'] as const)(
    'writes in its %s what the contract asks for, and no more',
    (part) => {
      const { properties = {}, required = [] } =
        jsonSchemaOf(contract, 'draft-4').properties?.detail?.properties?.[part] ?? {};
      const written = Object.keys(Detail[part]).map((field) => field.replace(/\.\$$/, ''));
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(written));
      expect(written).toEqual(expect.arrayContaining([...required]));
    },
  );
});
