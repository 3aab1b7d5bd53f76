import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { ResourceName } from '../runtime/env.ts';
import { stepFunctions } from '../runtime/step-functions.ts';
import type { Resolution } from '../runtime/undo-task.ts';
import { UNDOS } from './failure.ts';
import type { OrderRecord, PlacedOrder } from './order.ts';
import { stepsOf } from './steps.ts';

/** Where an order's workflows are, or how they ended: read from the engine, whose history is the workflow's state. */
export interface Whereabouts {
  readonly status: 'PENDING' | 'CONFIRMED' | 'CANCELLED' | 'NEEDS_ATTENTION';
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
  readonly end: 'RUNNING' | 'SUCCEEDED' | 'CANCELLED' | 'ABNORMAL';
  readonly step?: string;
  /** What the step was entered with: the workflow's data at that point. */
  readonly input?: Readonly<Record<string, unknown>>;
  readonly reason?: string;
  /** RFC 3339, UTC: when its last event was. */
  readonly at?: string;
  /** The undos that have run in it, among its recent steps. */
  readonly undone?: readonly string[];
}

/** `fulfillment` is the saga; the others are the same definition, entered at the undo chain or at the publication. */
export type Machine = 'fulfillment' | 'cancellation' | 'confirmation';

export const WorkflowEnv = z.object({
  FULFILLMENT_ARN: ResourceName,
  CANCELLATION_ARN: ResourceName,
  CONFIRMATION_ARN: ResourceName,
});

/** The Fail state by which an order ends that was undone as it should be; any other end needs a person. */
const CLEAN_END = 'OrderCancelled';

/** Enough for a whole undo chain of which each state is tried as often as it may be. */
const RECENT_EVENTS = 200;

/** The most that one look at an execution's history reads: pages of a thousand events, the latest. */
const HISTORY_PAGES = 3;

/** After the last of these an abnormal end waits for an operator, lest a broken definition restarts for ever. */
const RECOVERIES = 3;

/** The executions of a machine for an order: the saga is named by the order, whatever came after it is numbered. */
const runName = (orderId: string, recovery: number) => (recovery === 0 ? orderId : `${orderId}-${recovery}`);

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
    cancellation: arns.CANCELLATION_ARN,
    confirmation: arns.CONFIRMATION_ARN,
  };
  /**
   * An execution belongs to its machine, whichever alias started it:
   * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
   */
  const executionArn = (machine: Machine, name: string) => {
    const [arn, partition, service, region, account, , machineName] = aliases[machine].split(':');
    return [arn, partition, service, region, account, 'execution', machineName, name].join(':');
  };

  /** Once a name: a second start is the same execution. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
  const startOnce = async (machine: Machine, name: string, data: object): Promise<void> => {
    try {
      await stepFunctions.send(
        new StartExecutionCommand({ stateMachineArn: aliases[machine], name, input: JSON.stringify(data) }),
      );
    } catch (error) {
      // Running with the same input answers success; ended, or running with another, answers this.
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  };

  const look = async (machine: Machine, name: string): Promise<Run | undefined> => {
    try {
      const { events = [] } = await stepFunctions.send(
        new GetExecutionHistoryCommand({
          executionArn: executionArn(machine, name),
          reverseOrder: true,
          maxResults: RECENT_EVENTS,
        }),
      );
      const steps = stepsOf(events.toReversed());
      const last = steps.at(-1);
      const undone = UNDOS.filter((undo) =>
        steps.some(({ name, outcome }) => name === undo && outcome === 'succeeded'),
      );
      return {
        machine,
        name,
        ...endOf(events[0]),
        ...(last && { step: last.name }),
        ...(last?.input && { input: JSON.parse(last.input) }),
        ...(events[0]?.timestamp && { at: events[0].timestamp.toISOString() }),
        ...(undone.length > 0 && { undone }),
      };
    } catch (error) {
      if (error instanceof ExecutionDoesNotExist) return undefined;
      throw error;
    }
  };

  /** The order's executions in the order they came; none where it has not started, or has died between record and start. */
  const runs = async (orderId: string): Promise<Run[]> => {
    const saga = await look('fulfillment', orderId);
    if (saga?.end === 'RUNNING' || saga?.end === 'CANCELLED') return [saga];
    const found = saga ? [saga] : [];
    // After an abnormal end comes a recovery; after a good one, perhaps, the customer's cancellation.
    for (let recovery = 1; recovery === 1 || found.at(-1)?.end === 'ABNORMAL'; recovery += 1) {
      const name = runName(orderId, recovery);
      const next = (await look('cancellation', name)) ?? (await look('confirmation', name));
      if (!next) break;
      found.push(next);
    }
    return found;
  };

  return {
    runs,

    start: (order: OrderRecord): Promise<void> =>
      startOnce('fulfillment', order.orderId, { ...input(order), resolutions: {} }),

    /** Undoes a confirmed order, once. */
    startCancellation: (
      order: OrderRecord,
      reason: 'CancelledByCustomer' | 'CancelledByOperator' = 'CancelledByCustomer',
    ): Promise<void> =>
      startOnce('cancellation', runName(order.orderId, 1), {
        ...input(order),
        resolutions: {},
        failure: { Error: reason },
      }),

    /**
     * Goes on where an execution has ended as it should not: at the publication where the order has shipped, with the
     * undo chain otherwise. Once per abnormal end.
     * @param force goes on though it has been tried often enough
     * @returns false where it has been tried often enough
     */
    recover: async (
      order: OrderRecord,
      ended: Run,
      force = false,
      resolutions: Readonly<Record<string, Resolution>> = {},
    ): Promise<boolean> => {
      const recovery = Number(ended.name.slice(order.orderId.length + 1) || 0) + 1;
      if (recovery > RECOVERIES && !force) return false;
      const shipped = ended.step === 'PublishOrderConfirmed' || ended.step === 'ParkConfirmation';
      const earlier = (ended.input ?? {}) as { failure?: object; resolutions?: object };
      await startOnce(shipped ? 'confirmation' : 'cancellation', runName(order.orderId, recovery), {
        ...input(order),
        ...earlier,
        // The chain begins anew: what could not be undone before is tried again.
        undoFailure: {},
        resolutions: { ...earlier.resolutions, ...resolutions },
        ...(!shipped && { failure: earlier.failure ?? { Error: ended.reason ?? 'ExecutionAborted' } }),
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

    whereIs: async (orderId: string): Promise<Whereabouts> => {
      const all = await runs(orderId);
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
      const reason = last.reason ?? (input?.failure as { Error?: string } | undefined)?.Error;
      const undone = UNDOS.filter((undo) => all.some((run) => run.undone?.includes(undo)));
      return {
        status: status[end],
        ...(step && { step }),
        ...(reason && { reason, undone }),
      };
    },

    /** What the order's executions have done, in the order they came; none where the engine knows none, or no longer. */
    history: async (orderId: string): Promise<RunHistory[]> => {
      const read = async (executionArn: string): Promise<Omit<RunHistory, 'machine'>> => {
        const events: HistoryEvent[] = [];
        let nextToken: string | undefined;
        let pages = 0;
        do {
          const page = await stepFunctions.send(
            new GetExecutionHistoryCommand({
              executionArn,
              reverseOrder: true,
              maxResults: 1_000,
              nextToken,
            }),
          );
          events.push(...(page.events ?? []));
          nextToken = page.nextToken;
          pages += 1;
        } while (nextToken && pages < HISTORY_PAGES);
        return { events: events.reverse(), isWhole: !nextToken };
      };
      const histories: RunHistory[] = [];
      for (const { machine, name } of await runs(orderId))
        histories.push({ machine, ...(await read(executionArn(machine, name))) });
      return histories;
    },
  };
};
export type Workflow = ReturnType<typeof workflow>;

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
