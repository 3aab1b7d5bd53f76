import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import type { Status } from '../../../api/requests/statuses.ts';
import type { CancellationName } from '../../../saga/reasons.ts';
import { UNDOS } from '../../../saga/steps.ts';
import { ResourceName } from '../../runtime/env.ts';
import { stepFunctions } from '../../runtime/step-functions.ts';
import type { Resolution } from '../../runtime/undo-task.ts';
import { type GoOnFrom, goOnFrom } from '../go-on-from.ts';
import type { OrderRecord, PlacedOrder } from '../order.ts';
import { stepsOf } from './steps.ts';

/** Where an order's workflows are, or how they ended: read from the engine, whose history is the workflow's state. */
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
  /** False where the oldest events are left out, as there are too many. */
  readonly isWhole: boolean;
}

/** One execution of an order's: of which machine, under which name, and how it stands. */
export interface Run {
  readonly machine: Machine;
  readonly name: string;
  /** Its place among the order's: 0 is the saga. */
  readonly number: number;
  /** How many have ended as they should not in a row, with it: 0 where it has not. */
  readonly abnormalEnds: number;
  readonly end: 'RUNNING' | 'SUCCEEDED' | 'CANCELLED' | 'ABNORMAL';
  readonly step?: string;
  /** What the step was entered with, the execution itself before it has come to one: the workflow's data at that point. */
  readonly input?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  /** RFC 3339, UTC: when its last event was. */
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

/** The Fail state by which an order ends that was undone as it should be; any other end needs a person. */
const CLEAN_END = 'OrderCancelled';

/** Enough for a whole undo chain of which each state is tried as often as it may be. */
const RECENT_EVENTS = 200;

/** The most that the whole story reads of an execution: the latest. */
const HISTORY_EVENTS = 3_000;
/** What Step Functions gives at once at most. */
const PAGE = 1_000;

/** After the last of these an abnormal end waits for an operator, lest a broken definition restarts for ever. */
const RECOVERIES = 3;

/**
 * The saga is named by the order, whatever comes after it is numbered. A machine runs a name once, so the numbers are one
 * sequence, whoever goes on with the order, and for whatever reason.
 */
const runName = (orderId: string, number: number) => (number === 0 ? orderId : `${orderId}-${number}`);

/** As often as two who would go on with an order at once can come in each other's way. */
const TRIES = 3;

/** The order as it was placed, whatever else its record has come to hold since. */
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
   * Once a name. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
   * @returns false where there is one of the name that has ended, or runs with another input
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

  /** The latest events, latest first. A page may be short though there are more: money hangs on what is read here. */
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

  /** @param isCancelling one that runs may have another behind it: who cancels does not wait for a publication's answer */
  const executions = async (orderId: string, isCancelling: boolean): Promise<Run[]> => {
    const found: Run[] = [];
    for (let number = 0; ; number += 1) {
      const last = found.at(-1);
      if (last?.end === 'CANCELLED' || (last?.end === 'RUNNING' && !isCancelling)) return found;
      const next = await look(orderId, number, last);
      if (next) found.push(next);
      // The saga may be forgotten where what came after it is not.
      else if (number > 0) return found;
    }
  };

  /** The order's executions in the order they came; none where it has not started, or has died between record and start. */
  const runs = ({ orderId, cancelling }: Pick<OrderRecord, 'orderId' | 'cancelling'>): Promise<Run[]> =>
    executions(orderId, cancelling !== undefined);

  const goOn = (orderId: string, number: number, from: GoOnFrom, data: object): Promise<boolean> =>
    startOnce('continuation', runName(orderId, number), { ...data, goOnFrom: from });

  return {
    runs,

    start: async (order: OrderRecord): Promise<void> => {
      await startOnce('fulfillment', order.orderId, { ...input(order), resolutions: {} });
    },

    /** Where a cancellation comes in the order's sequence as it is now; undefined where one is under way, or through. */
    placeOfCancellation: async ({ orderId }: Pick<OrderRecord, 'orderId'>): Promise<number | undefined> => {
      const last = (await executions(orderId, true)).at(-1);
      // Names are free again once the engine has forgotten an execution, 90 days after its end.
      return last && isUndoing(last) ? undefined : (last?.number ?? 0) + 1;
    },

    /**
     * Undoes a confirmed order, once.
     * @param place where it comes in the sequence, as it was before the order was opened for it: one that comes late finds
     *   itself there, whatever has become of it, and starts no other
     * @throws Error where others were first again and again
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
     * Goes on where an execution has ended as it should not: at the publication where the order has shipped, at its keeping
     * where it is kept, with the undo chain otherwise. Once per abnormal end.
     * @param force goes on though it has been tried often enough
     * @returns false where it has been tried often enough
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

    /**
     * @returns false where the workflow does not wait any more. Where the SDK has asked more than once, it may be our own
     *   first word that has ended the wait: then it counts
     */
    wake: async (token: string, resolutions: object): Promise<boolean> => {
      try {
        await stepFunctions.send(
          new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(resolutions) }),
        );
        return true;
      } catch (error) {
        const { name, $metadata } = error as Error & { $metadata?: { attempts?: number } };
        if (['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'].includes(name))
          return name === 'TaskTimedOut' && ($metadata?.attempts ?? 1) > 1;
        throw error;
      }
    },

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
      // While it runs, what failed first is among the data that its steps are entered with.
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

    /** What the order's executions have done, in the order they came; none where the engine knows none, or no longer. */
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

/** By where it stands with its last step; before it has come to one of its own, by what it was started for. */
export const goesOnFrom = ({ step = 'GoOn', input }: Pick<Run, 'step' | 'input'>): GoOnFrom =>
  step === 'GoOn' ? ((input?.goOnFrom as GoOnFrom | undefined) ?? 'CancelShipment') : goOnFrom(step);

/** The order is undone by it, or by whoever recovers it. */
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
