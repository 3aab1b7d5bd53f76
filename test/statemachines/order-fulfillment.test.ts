import { describe, expect, it } from '@jest/globals';
import validate from 'asl-validator';
import type * as z from 'zod';
import { SOURCE } from '../../events/contract.ts';
import { BUSINESS_ERRORS, isUndo, pathFrom, undoOf } from './compensation-graph.ts';
import { contracts } from './contracts.ts';
import { orderFulfillment, placeholdersIn } from './definition.ts';
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
  'Sandbox.Timedout',
  'EventBridge.FailedEntry',
];

interface Entry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: Readonly<Record<'metadata' | 'data', Readonly<Record<string, unknown>>>>;
}

const states = Object.entries(orderFulfillment.States).map(([name, state]) => ({ name, ...state }));
const tasks = states.filter(({ Type }) => Type === 'Task');
const happyPath = pathFrom(orderFulfillment, orderFulfillment.StartAt);
const steps = tasks.filter(({ name }) => happyPath.includes(name) && undoOf(name));
const undos = tasks.filter(({ name }) => isUndo(name));
const publications = tasks.filter(({ Resource }) => Resource === 'arn:aws:states:::events:putEvents');

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
    const reached = new Set<string>();
    const visit = (name: string): void => {
      if (reached.has(name)) return;
      reached.add(name);
      const { Next, Catch = [] } = orderFulfillment.States[name] ?? {};
      for (const next of [Next, ...Catch.map((catcher) => catcher.Next)]) if (next) visit(next);
    };
    visit(orderFulfillment.StartAt);
    expect([...reached].sort()).toEqual(states.map(({ name }) => name).sort());
  });

  it('has an undo state for each step', () => {
    expect(steps.map(({ name }) => undoOf(name)).sort()).toEqual(undos.map(({ name }) => name).sort());
  });
});

describe.each(tasks)('$name', ({ name, Resource, TimeoutSeconds, Retry = [], Catch = [], ...state }) => {
  it('is the name of its function and its file, or publishes', () => {
    const calls = placeholdersIn({ Resource, ...state }).filter((placeholder) => placeholder.endsWith('Arn'));
    const called = publications.some((publication) => publication.name === name) ? [] : [name];
    expect(calls).toEqual(called.map((each) => `${each}FunctionArn`));
    expect([...handlers.keys()]).toEqual(expect.arrayContaining(called));
  });

  it('gives up in time', () => {
    expect(TimeoutSeconds).toBeGreaterThan(0);
  });

  it('retries with backoff, a cap on the delay, and full jitter', () => {
    expect(Retry).not.toEqual([]);
    for (const { IntervalSeconds = 1, BackoffRate, MaxDelaySeconds, JitterStrategy } of Retry) {
      expect(BackoffRate).toBeGreaterThan(1);
      expect(MaxDelaySeconds).toBeGreaterThan(IntervalSeconds);
      expect(JitterStrategy).toBe('FULL');
    }
  });

  it('catches everything, last and by itself', () => {
    expect(Catch.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
  });

  it('matches errors that exist', () => {
    const named = [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals);
    const existing = [...SERVICE_ERRORS, ...errorClasses.keys()];
    expect(named.filter((error) => !existing.includes(error))).toEqual([]);
  });
});

describe.each(steps)('the step $name', ({ name, Retry = [], Catch = [] }) => {
  const businessErrors = BUSINESS_ERRORS.filter(
    (error) => errorClasses.get(error) === handlers.get(name)?.service,
  );

  it('catches by name the business error that its service throws', () => {
    expect(businessErrors).not.toEqual([]);
    expect(Catch.slice(0, -1).flatMap(({ ErrorEquals }) => ErrorEquals)).toEqual(businessErrors);
  });

  it('does not retry a business error', () => {
    const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
    const refused = [...businessErrors, 'States.ALL', 'States.TaskFailed'];
    expect(retried.filter((error) => refused.includes(error))).toEqual([]);
  });

  it('keeps its failure, beside the order, as the reason of the cancellation', () => {
    expect(Catch.map(({ ResultPath }) => ResultPath)).toEqual(Catch.map(() => '$.failure'));
  });
});

describe.each(tasks.filter((task) => !steps.includes(task)))('beyond the steps, $name', ({ Catch = [] }) => {
  it('keeps its own failure apart from the first one', () => {
    for (const { ResultPath } of Catch) expect(ResultPath).toMatch(/^\$\.(?!failure$)\w+$/);
  });
});

describe.each(undos)('the undo $name', ({ name, Catch = [] }) => {
  it('does not pass for a clean cancellation where it has failed', () => {
    const next = Catch.map(({ Next }) => Next);
    expect(next.filter((state) => ['PublishOrderCancelled', 'OrderCancelled'].includes(state))).toEqual([]);
  });

  if (name === 'CancelShipment')
    it('stops the chain where it has failed: what may still ship is not refunded', () => {
      expect(Catch.map(({ Next }) => Next).filter(isUndo)).toEqual([]);
    });
});

describe.each(publications)('the publication $name', ({ name, Parameters }) => {
  const [entry, ...more] = (Parameters?.Entries ?? []) as Entry[];
  if (!entry) throw new Error(`${name} publishes nothing`);
  const { DetailType, Detail } = entry;
  const contract = contracts.get(DetailType);
  if (!contract) throw new Error(`${DetailType} is no contract of events/`);

  it('publishes the one event that it is named after, on our bus and as our source', () => {
    expect(more).toEqual([]);
    expect(name).toBe(`Publish${DetailType}`);
    expect(entry).toMatchObject({ EventBusName: '${OrderBusName}', Source: SOURCE });
  });

  it('writes the version of the contract', () => {
    expect(Detail.metadata.schemaVersion).toBe(contract.schemaVersion);
  });

  it('derives the event id from the order', () => {
    expect(Detail.metadata['eventId.$']).toBe(`States.Format('{}#${DetailType}', $.orderId)`);
  });

  it.each(['metadata', 'data'] as const)(
    'writes in its %s what the contract asks for, and no more',
    (part) => {
      const fields = Object.entries<z.ZodType>(contract.detail.shape[part].shape);
      const required = fields.filter(([, model]) => !model.safeParse(undefined).success).map(([key]) => key);
      const written = Object.keys(Detail[part]).map((key) => key.replace(/\.\$$/, ''));
      expect(fields.map(([key]) => key)).toEqual(expect.arrayContaining(written));
      expect(written).toEqual(expect.arrayContaining(required));
    },
  );
});
