import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import type { Status } from '../../../api/requests/statuses.ts';
import type { CancellationName } from '../../../saga/reasons.ts';
import { UNDOS } from '../../../saga/steps.ts';
import { ResourceName } from '../../runtime/env.ts';
import { stepFunctions, wake } from '../../runtime/step-functions.ts';
import type { Resolution } from '../../runtime/undo-task.ts';
import { type GoOnFrom, goOnFrom } from '../go-on-from.ts';
import type { OrderRecord, PlacedOrder } from '../order.ts';
import { stepsOf } from './steps.ts';

/**
 * Where an order's workflows are, or how they ended. Read from the engine, whose history is the workflow's only state.
 */
export interface Whereabouts {
  readonly status: Status;
  /** The state that was entered last; absent before the first. */
  readonly step?: string;
  /** The name of the error that came first. */
  readonly reason?: string;
  /** The undos that have run so far; absent where nothing has failed. */
  readonly undone?: readonly string[];
}

/** What the engine tells of one execution. */
export interface RunHistory {
  readonly machine: Machine;
  /** Oldest first. */
  readonly events: readonly HistoryEvent[];
  /** False if the oldest events are left out, as there are too many. */
  readonly isWhole: boolean;
}

/** One execution of an order: of which machine, under which name, and how it stands. */
export interface Run {
  readonly machine: Machine;
  readonly name: string;
  /** Its place in the order's sequence of executions: 0 is the saga. */
  readonly number: number;
  /** How many executions in a row, up to this one, ended abnormally; 0 if this one did not. */
  readonly abnormalEnds: number;
  readonly end: 'RUNNING' | 'SUCCEEDED' | 'CANCELLED' | 'ABNORMAL';
  readonly step?: string;
  /** The workflow's data when it entered the step, or its input if it has not reached one. */
  readonly input?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  /** RFC 3339, UTC: the time of its last event. */
  readonly at?: string;
  /** The undos that have run in it, among its recent steps. */
  readonly undone?: readonly string[];
}

/** `fulfillment` is the saga; `continuation` is the same definition, entered where its input says (`goOnFrom`). */
export type Machine = 'fulfillment' | 'continuation';

export const WorkflowEnv = z.object({
  FULFILLMENT_ARN: ResourceName,
  CONTINUATION_ARN: ResourceName,
});

/** The Fail state of an order that was undone as it should be; any other failure needs a person. */
const CLEAN_END = 'OrderCancelled';

/** Enough for a whole undo chain in which every state uses all its retries. */
const RECENT_EVENTS = 200;

/** How many events a timeline reads of one execution: the latest. */
const HISTORY_EVENTS = 3_000;
/** The most that Step Functions returns at once. */
const PAGE = 1_000;

/** An abnormal end after this many recoveries waits for an operator, lest a broken definition restart for ever. */
const RECOVERIES = 3;

/**
 * The saga is named after the order; what comes after it is numbered. A machine runs a name only once, so whoever goes
 * on with the order, for whatever reason, takes the next number of one sequence.
 */
const runName = (orderId: string, number: number) => (number === 0 ? orderId : `${orderId}-${number}`);

/** How often two who go on with an order at once can take each other's number. */
const TRIES = 3;

/** The order as it was placed, without what its record has gained since. */
const input = (order: OrderRecord): PlacedOrder => {
  const { orderId, customerId, correlationId, placedAt } = order;
  const { items, totalCents, currency } = order;
  return {
    orderId,
    customerId,
    correlationId,
    items,
    totalCents,
    currency,
    placedAt,
  };
};

/** The machines' aliases (`arn:...:stateMachine:<name>:<alias>`), and what can be done with them. */
export const workflow = (arns: z.infer<typeof WorkflowEnv>) => {
  const aliases: Readonly<Record<Machine, string>> = {
    fulfillment: arns.FULFILLMENT_ARN,
    continuation: arns.CONTINUATION_ARN,
  };
  /**
   * An execution belongs to its machine, whichever alias started it:
   * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
   */
  const executionArn = (machine: Machine, name: string) => {
    const [arn, partition, service, region, account, , machineName] = aliases[machine].split(':');
    return [arn, partition, service, region, account, 'execution', machineName, name].join(':');
  };

  /**
   * Starts an execution, once per name.
   * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   * @returns false if one of that name has ended, or runs with another input
   */
  const startOnce = async (machine: Machine, name: string, data: object): Promise<boolean> => {
    try {
      await stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn: aliases[machine], name, input: JSON.stringify(data) }),
      );
      return true;
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return false;
      throw error;
    }
  };

  /** The latest events, latest first. Reads on after a short page: decisions about money hang on them. */
  const latest = async (executionArn: string, most: number) => {
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await stepFunctions.send(
        new GetExecutionHistoryCommand({
          executionArn,
          reverseOrder: true,
          maxResults: Math.min(most - events.length, PAGE),
          nextToken,
        }),
      );
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken && events.length < most);
    return { events, isWhole: !nextToken };
  };

  const look = async (orderId: string, number: number, before: Run | undefined): Promise<Run | undefined> => {
    const machine = number === 0 ? 'fulfillment' : 'continuation';
    const name = runName(orderId, number);
    try {
      const { events } = await latest(executionArn(machine, name), RECENT_EVENTS);
      const steps = stepsOf(events.toReversed());
      const last = steps.at(-1);
      const input = last?.input ?? events.at(-1)?.executionStartedEventDetails?.input;
      const undone = UNDOS.filter((undo) =>
        steps.some(({ name, outcome }) => name === undo && outcome === 'succeeded'),
      );
      const end = endOf(events[0]);
      return {
        machine,
        name,
        number,
        ...end,
        abnormalEnds: end.end === 'ABNORMAL' ? (before?.abnormalEnds ?? 0) + 1 : 0,
        ...(last && { step: last.name }),
        ...(input && { input: JSON.parse(input) }),
        ...(events[0]?.timestamp && { at: events[0].timestamp.toISOString() }),
        ...(undone.length > 0 && { undone }),
      };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  };

  /**
   * @param isCancelling look behind an execution that still runs: a cancellation does not wait until the publication
   *   before it is answered
   */
  const executions = async (orderId: string, isCancelling: boolean): Promise<Run[]> => {
    const found: Run[] = [];
    for (let number = 0; ; number += 1) {
      const last = found.at(-1);
      if (last?.end === 'CANCELLED' || (last?.end === 'RUNNING' && !isCancelling)) return found;
      const next = await look(orderId, number, last);
      if (next) found.push(next);
      // The engine may have forgotten the saga, but not yet what came after it.
      else if (number > 0) return found;
    }
  };

  /** The order's executions, in sequence; empty if none has started, or the call died between record and start. */
  const runs = ({ orderId, cancelling }: Pick<OrderRecord, 'orderId' | 'cancelling'>): Promise<Run[]> =>
    executions(orderId, cancelling !== undefined);

  const goOn = (orderId: string, number: number, from: GoOnFrom, data: object): Promise<boolean> =>
    startOnce('continuation', runName(orderId, number), { ...data, goOnFrom: from });

  return {
    runs,

    start: async (order: OrderRecord): Promise<void> => {
      await startOnce('fulfillment', order.orderId, { ...input(order), resolutions: {} });
    },

    /** The number a cancellation would get now; undefined if one is under way, or done. */
    placeOfCancellation: async ({ orderId }: Pick<OrderRecord, 'orderId'>): Promise<number | undefined> => {
      const last = (await executions(orderId, true)).at(-1);
      // If the engine has forgotten all executions, 90 days after their end, their names are free again.
      return last && isUndoing(last) ? undefined : (last?.number ?? 0) + 1;
    },

    /**
     * Undoes a confirmed order, once.
     * @param place its number in the sequence, read before the order was reopened for it: a late call finds its own
     *   execution there, whatever has become of it, and starts no other
     * @throws Error if others took the next number again and again
     */
    startCancellation: async (
      order: OrderRecord,
      place: number,
      reason: CancellationName = 'CancelledByCustomer',
    ): Promise<void> => {
      const { orderId } = order;
      const data = { ...input(order), resolutions: {}, failure: { Error: reason }, wasConfirmed: true };
      for (let number = place; number < place + TRIES; number += 1) {
        if (await goOn(orderId, number, 'CancelShipment', data)) return;
        const taken = await look(orderId, number, undefined);
        if (taken?.input?.goOnFrom === 'CancelShipment') return;
      }
      throw new Error(`others go on with order ${orderId}`);
    },

    /**
     * Goes on after an abnormal end: with the publication if the order has shipped, with keeping it if it is kept, with
     * the undo chain otherwise. Once per abnormal end.
     * @param force goes on even after too many recoveries
     * @returns false if there have been too many
     */
    recover: async (
      order: OrderRecord,
      ended: Run,
      force = false,
      resolutions: Readonly<Record<string, Resolution>> = {},
    ): Promise<boolean> => {
      if (ended.abnormalEnds > RECOVERIES && !force) return false;
      const from = goesOnFrom(ended);
      const earlier = (ended.input ?? {}) as { failure?: object; resolutions?: object };
      await goOn(order.orderId, ended.number + 1, from, {
        ...input(order),
        ...earlier,
        // The chain begins anew: what could not be undone before is tried again.
        undoFailure: {},
        resolutions: { ...earlier.resolutions, ...resolutions },
        ...(from === 'CancelShipment' && {
          failure: earlier.failure ?? { Error: ended.reason ?? 'ExecutionAborted' },
        }),
      });
      return true;
    },

    wake,

    whereIs: async (order: OrderRecord): Promise<Whereabouts> => {
      const all = await runs(order);
      const last = all.at(-1);
      if (!last) return { status: 'PENDING' };
      const { end, step, input } = last;
      const status = {
        RUNNING: 'PENDING',
        SUCCEEDED: 'CONFIRMED',
        CANCELLED: 'CANCELLED',
        ABNORMAL: 'NEEDS_ATTENTION',
      } as const;
      // While it runs, the first failure is part of the data that its steps are entered with.
      const reason =
        end === 'SUCCEEDED'
          ? undefined
          : (last.reason ?? (input?.failure as { Error?: string } | undefined)?.Error);
      const undone = UNDOS.filter((undo) => all.some((run) => run.undone?.includes(undo)));
      return {
        status: status[end],
        ...(step && { step }),
        ...(reason && { reason, undone }),
      };
    },

    /** What the order's executions did, in sequence; empty if the engine knows none, or no longer does. */
    history: async (order: OrderRecord): Promise<RunHistory[]> => {
      const histories: RunHistory[] = [];
      for (const { machine, name } of await runs(order)) {
        const { events, isWhole } = await latest(executionArn(machine, name), HISTORY_EVENTS);
        histories.push({ machine, events: events.reverse(), isWhole });
      }
      return histories;
    },
  };
};
export type Workflow = ReturnType<typeof workflow>;

/** Decided by its last step; before it has reached one of its own, by what it was started for. */
export const goesOnFrom = ({ step = 'GoOn', input }: Pick<Run, 'step' | 'input'>): GoOnFrom =>
  step === 'GoOn' ? ((input?.goOnFrom as GoOnFrom | undefined) ?? 'CancelShipment') : goOnFrom(step);

/** This execution undoes the order, or whoever recovers it does. */
const isUndoing = ({ end, input }: Run): boolean =>
  end === 'CANCELLED' || (end !== 'SUCCEEDED' && input?.goOnFrom === 'CancelShipment');

const endOf = (last: HistoryEvent | undefined): Pick<Run, 'end' | 'reason'> => {
  switch (last?.type) {
    case 'ExecutionSucceeded':
      return { end: 'SUCCEEDED' };
    case 'ExecutionFailed': {
      const { error, cause } = last.executionFailedEventDetails ?? {};
      if (error === CLEAN_END) return { end: 'CANCELLED', ...(cause && { reason: cause }) };
      return { end: 'ABNORMAL', ...(error && { reason: error }) };
    }
    case 'ExecutionAborted':
    case 'ExecutionTimedOut':
      return { end: 'ABNORMAL', reason: last.type };
    default:
      return { end: 'RUNNING' };
  }
};
