import type { Happening } from '../../local/faults/trace.ts';
import { STEP_NAMES, STEPS } from '../../saga/steps.ts';
import { EFFECT_NAMES, type Effect, effectOf } from '../effects.ts';
import { answered, begun, programOf } from './actor.ts';
import { budgetOf } from './bounds.ts';
import { begunAt, FIRST, failed, succeeded } from './graph.ts';
import { fieldsOf, NOT_HELD, type Operation } from './operations.ts';
import { type Order, orderAtFirst, type Run, runOf, withRun } from './order.ts';
import { DONE } from './programs.ts';
import { AS_IT_IS } from './rules.ts';
import { nameIn, PARCEL, type Sight, sightsOf, waitOf } from './sights.ts';
import { standsOf } from './stands.ts';

type Logged = Extract<Happening, { kind: 'logged' }>['event'];
type Row = Readonly<Record<string, unknown>>;

/** What an invocation is told, as far as it makes a difference to the model. */
interface Event {
  readonly orderId?: string;
  readonly state?: string;
  readonly token?: string;
  readonly entered?: { readonly EnteredTime: string; readonly RetryCount?: number };
  readonly resolutions?: Row;
  readonly 'detail-type'?: string;
  readonly detail?: {
    readonly name?: string;
    readonly data?: { readonly orderId?: string; readonly parkedAt?: string };
  };
}

/** How often an order is recovered by itself, in earnest. */
const RECOVERIES = 3;
const stand = standsOf(AS_IT_IS, RECOVERIES);

const waitIn = ({ entered }: Event): number => waitOf(entered?.EnteredTime ?? '', entered?.RetryCount ?? 0);

/** What the program of a function begins with. */
type Beginning = (event: Event, order: Order) => string;
const beginningsOf = (effect: Effect): [string, Beginning][] => {
  const { step } = effectOf(effect);
  const undo = STEPS[step].undo.name;
  return [
    [step, () => begun(step)],
    [undo, ({ resolutions }) => begun(undo, resolutions?.[undo] ? effect : '')],
  ];
};

/** The functions that the model has programs of. */
const BEGINNINGS: Readonly<Record<string, Beginning>> = {
  ...Object.fromEntries(EFFECT_NAMES.flatMap(beginningsOf)),
  ReserveInventory: () => begun('ReserveInventory'),
  KeepShipment: () => begun('KeepShipment'),
  ReleaseInventory: () => begun('ReleaseInventory'),
  ParkOrder: (event) => begun('parkOrder', waitIn(event), event.state ?? '', ''),
  PlaceOrder: () => begun('placeOrder'),
  CancelOrder: () => begun('cancelOrder'),
  ResumeOrder: () => begun('resumeOrder', ''),
  RecoverOrder: ({ detail }) => begun('recoverOrder', nameIn(detail?.name ?? '')?.name ?? ''),
  ReconcileOrders: (_, { turn }) => begun('reconcileOrders', turn),
  ProjectOrder: ({ detail, ...event }, { parked }) => {
    const parkedAt = detail?.data?.parkedAt;
    // An event tells when a wait began, and not how often it had been tried before.
    const wait = parkedAt && waitOf(parkedAt);
    const isThis = wait && Math.floor(wait / 1_000) === Math.floor(parked / 1_000);
    return begun('projectOrder', [event['detail-type'], ...(wait ? [isThis ? parked : wait] : [])].join(' '));
  },
};
/** What they come to is what their program returns; of the others nobody is told. */
const TASKS = /^[A-Z]|^parkOrder/;
/** Errors by which a task says what it has found. */
const FOUND: readonly string[] = [
  ...STEP_NAMES.flatMap((step) => Object.keys(STEPS[step].refusals)),
  ...EFFECT_NAMES.flatMap((effect) => STEPS[effectOf(effect).step].undo.hopeless),
  'OrderAlreadyCancelledError',
  'ShipmentNotDispatchedError',
];
const PLACED = 'record: the order is placed';
/** Operations whose conditions a clock or an operator's hand may have met in between. */
const MAY_FAIL = /takes its turn|settled as/;
/** The last steps before a problem that are told. */
const TOLD = 6;

/** The record's fields, as they were read. */
const recordIn = (row: Row): Parameters<typeof fieldsOf>[0] => {
  const { outcome, parking, parkedAt, lastWait, lookedAt, openSince, cancelling } = row as {
    outcome?: { status: Order['outcome']; isKept?: boolean };
    parking?: { state: string; isTold?: boolean };
    parkedAt?: string;
    lastWait?: string;
    lookedAt?: string;
    openSince?: string;
    cancelling?: object;
  };
  const [at = '', retries = '0'] = (lastWait ?? '').split('#');
  const isYoung = Date.parse(lookedAt ?? '') - Date.parse(openSince ?? '') < 60_000;
  return {
    outcome: outcome?.status ?? '',
    isKept: outcome?.isKept ?? false,
    isOpen: openSince !== undefined,
    isCancelling: cancelling !== undefined,
    parked: parkedAt ? waitOf(at, Number(retries)) : 0,
    parkedIn: parking?.state ?? '',
    isTold: parking?.isTold ?? false,
    loose: isYoung ? [begun('cancelOrder')] : [],
  };
};

/** An order as far as it was followed. */
interface Followed {
  order: Order;
  /** By invocation, where its handler may stand: where the last answer was lost it stands where it stood. */
  readonly actors: Map<string, ReadonlySet<string>>;
  /** Functions, each with what an attempt of it has come to. */
  readonly results: Set<string>;
  /** By execution: the error that the task has failed with. */
  readonly failures: Map<string, string>;
  readonly steps: string[];
  problem?: string;
}

/**
 * Follows what happens in a stack with the model at its side, order by order: whether each call of a handler is the one
 * that its program makes there, answered as in the model's world, and each state the one that follows the last.
 */
export const conformance = () => {
  const orders = new Map<string, Followed>();
  const invocations = new Map<string, { readonly name: string; readonly event: Event }>();
  const tokens = new Map<string, { readonly orderId: string; readonly wait: number }>();
  /** Invocations, each with what it has called for. */
  const asked = new Set<string>();

  const followedOf = (orderId: string): Followed => {
    const known = orders.get(orderId);
    if (known) return known;
    const order = { ...orderAtFirst(budgetOf({ refusals: 1_000 })), loose: [] };
    const fresh: Followed = {
      order,
      actors: new Map(),
      results: new Set(),
      failures: new Map(),
      steps: [],
    };
    orders.set(orderId, fresh);
    return fresh;
  };

  const complain = (followed: Followed, problem: string): void => {
    followed.problem ??= [...followed.steps.slice(-TOLD), problem].join('; ');
  };

  const actorsOf = (followed: Followed, invocation: string): ReadonlySet<string> => {
    const { name, event } = invocations.get(invocation) ?? { name: '', event: {} };
    const begin = BEGINNINGS[name];
    return followed.actors.get(invocation) ?? new Set(begin ? [begin(event, followed.order)] : []);
  };

  /** What the reconciler has released is released by another handler: to it that is one step, and no matter which. */
  const behindRelease = (actor: string): string => {
    const at = stand(actor);
    const isRelease = 'operation' in at && at.operation.name === 'reservation: is read';
    return isRelease && programOf(actor) === 'reconcileOrders' ? answered(actor, 'VOIDED') : actor;
  };

  const isOf = (operation: Operation, { name }: Sight): boolean =>
    operation.name === name ||
    // Who asks for an order again looks first.
    (operation.name === PLACED && name === 'record: is read') ||
    (name === 'record: is noted' && operation.name.endsWith(' is noted')) ||
    // Of a wait that was told it is not known how often it had been tried before.
    (name.startsWith('OrderNeedsAttention') && operation.name.startsWith(name));

  const answerOf = (order: Order, { name, fields }: Operation, { answer, row }: Sight): string => {
    if (name === PLACED && row) return NOT_HELD;
    if (name === PARCEL && row) return row.status === 'DISPATCHED' ? 'left' : '';
    if (fields && row && answer !== NOT_HELD) return fieldsOf(recordIn(row), fields);
    if (!name.startsWith('engine: looks') || answer === '') return answer;
    const { from, state, wait } = runOf(order, name.split(' ').at(-1) ?? '') ?? {
      from: '',
      state: '',
      wait: 0,
    };
    return [answer, from, state, wait].join('/');
  };

  /** The model's world does the same. */
  const take = (followed: Followed, operation: Operation, { answer, row }: Sight): void => {
    if (answer === 'left' && followed.order.carrier === 'done')
      followed.order = { ...followed.order, carrier: 'left' };
    const ways = operation.on(followed.order);
    const way = ways.find((each) => each.answer === answer || (operation.fields && each.answer !== NOT_HELD));
    if (way) followed.order = row?.status === 'DISPATCHED' ? { ...way.order, carrier: 'left' } : way.order;
    else if (!MAY_FAIL.test(operation.name))
      complain(
        followed,
        `${operation.name} was answered "${answer}", where the model has "${ways[0]?.answer}"`,
      );
  };

  const called = (invocation: string, sight: Sight): void => {
    const followed = followedOf(sight.orderId);
    const before = actorsOf(followed, invocation);
    if (before.size === 0) return;
    const after = new Set<string>();
    const isRepeated = asked.has(`${invocation} ${sight.name}`);
    asked.add(`${invocation} ${sight.name}`);
    let made: Operation | undefined;
    for (const each of before) {
      for (const actor of new Set([each, behindRelease(each)])) {
        const at = stand(actor);
        if (!('operation' in at) || !isOf(at.operation, sight)) continue;
        made = at.operation;
        after.add(answered(actor, answerOf(followed.order, made, sight))).add(actor);
        // Asked more than once, who wakes takes it that it was the first word which has ended the wait.
        if (isRepeated && sight.answer === 'dead') after.add(answered(actor, 'woken'));
      }
    }
    const { name } = invocations.get(invocation) ?? {};
    if (made) {
      followed.actors.set(invocation, after);
      followed.steps.push(`${name} ${sight.name}: ${sight.answer}`);
      if (!sight.isRead && !made.name.startsWith('engine')) take(followed, made, sight);
    } else if (!sight.isRead) {
      const expected = [...before].map((actor) => {
        const at = stand(actor);
        return 'operation' in at ? at.operation.name : 'it is through';
      });
      complain(
        followed,
        `${name} ${sight.name}: ${sight.answer}, where the model has "${[...new Set(expected)].join('" or "')}"`,
      );
    }
  };

  /** What its caller was told of an invocation. */
  const ended = (invocation: string, error = DONE): void => {
    const { name = '', event } = invocations.get(invocation) ?? {};
    if (!BEGINNINGS[name] || !event?.orderId) return;
    const followed = followedOf(event.orderId);
    followed.results.add(`${name} ${error}`);
    if (error !== DONE && !FOUND.includes(error)) return;
    const actors = [...actorsOf(followed, invocation)];
    const isDue = actors.some((actor) => {
      const at = stand(actor);
      return !TASKS.test(actor) || ('result' in at && at.result === error);
    });
    if (!isDue) complain(followed, `${name} has ended (${error}), where the model has not come to that`);
  };

  const runIn = (name: string, { input, timestamp }: Logged): Run => {
    const { goOnFrom = FIRST, wasConfirmed } = input as { goOnFrom?: string; wasConfirmed?: boolean };
    const run = { name, from: goOnFrom, state: '', end: '', task: '', wait: timestamp, flaw: '' } as const;
    return { ...run, word: '', wasConfirmed: wasConfirmed === true, isNews: false };
  };

  /** An execution tells its history. */
  const logged = (execution: string, event: Logged): void => {
    const found = nameIn(execution);
    if (!found) return;
    const { orderId, name } = found;
    const followed = followedOf(orderId);
    const { order, failures, results } = followed;
    const { type, state, Error: error = '' } = event;
    if (type === 'ExecutionStarted') {
      followed.order = { ...order, runs: [...order.runs, runIn(name, event)] };
      return;
    }
    const run = runOf(order, name);
    if (!run) return;
    const next = (isKept: boolean): Run => {
      if (run.state === '') return begunAt(run);
      const failure = failures.get(name);
      const now: Run = { ...run, word: isKept ? 'keep' : '' };
      if (failure !== undefined) return failed(run, failure) ?? run;
      if (TASKS.test(run.state) && BEGINNINGS[run.state] && !results.has(`${run.state} ${DONE}`))
        complain(followed, `${name} ${run.state} is left, and no attempt has succeeded`);
      return succeeded(now);
    };
    switch (type) {
      case 'StateFailed':
        if (state?.type !== 'Task') return;
        failures.set(name, error);
        if (FOUND.includes(error) && !results.has(`${run.state} ${error}`))
          complain(followed, `${name} ${run.state} has failed (${error}), and no attempt has`);
        return;
      case 'StateRetried':
        failures.delete(name);
        return;
      case 'StateEntered': {
        if (state?.type !== 'Task') return;
        const { resolutions } = state.input as { resolutions?: Row };
        const due = next(resolutions?.KeepShipment !== undefined);
        if (due.state !== state.name || due.end !== '')
          complain(
            followed,
            `${name} enters ${state.name} after ${run.state || 'nothing'}, and not ${due.state}`,
          );
        failures.delete(name);
        followed.order = withRun(order, { ...due, state: state.name, end: '' });
        followed.steps.push(`${name} enters ${state.name}`);
        return;
      }
      case 'ExecutionSucceeded':
      case 'ExecutionFailed':
      case 'ExecutionAborted': {
        const isClean = type === 'ExecutionSucceeded' || error === 'OrderCancelled';
        const end = type === 'ExecutionSucceeded' ? 'SUCCEEDED' : isClean ? 'CANCELLED' : 'ABNORMAL';
        if (isClean && next(false).end !== end)
          complain(followed, `${name} ends as ${end} after ${run.state}`);
        followed.order = withRun(order, { ...run, end, wait: event.timestamp * 1_000 });
        followed.steps.push(`${name} ends: ${end}`);
        return;
      }
      default:
    }
  };

  return {
    see: (happening: Happening): void => {
      switch (happening.kind) {
        case 'began': {
          const event = (happening.event ?? {}) as Event;
          invocations.set(happening.invocation, { name: happening.function, event });
          const { orderId, token } = event;
          if (token && orderId) tokens.set(token, { orderId, wait: waitIn(event) });
          return;
        }
        case 'call': {
          const { event } = invocations.get(happening.invocation) ?? {};
          for (const sight of sightsOf(happening, tokens, event?.orderId ?? ''))
            called(happening.invocation, sight);
          return;
        }
        case 'ended':
          ended(happening.invocation, happening.error);
          return;
        case 'logged':
          logged(happening.execution, happening.event);
          return;
      }
    },
    /** How the order has left the model; undefined where it has not. */
    problemOf: (orderId: string): string | undefined => {
      const followed = orders.get(orderId);
      return followed ? followed.problem : 'nobody has followed it';
    },
  };
};
export type Conformance = ReturnType<typeof conformance>;
