import {
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { stepFunctions } from '../runtime/step-functions.ts';
import type { PlacedOrder } from './order.ts';

/** Where a workflow is, or how it ended: read from the engine, whose history is the workflow's state. */
export interface Whereabouts {
  readonly status: 'PENDING' | 'CONFIRMED' | 'CANCELLED' | 'NEEDS_ATTENTION';
  /** The state that was entered last; absent before the first. */
  readonly step?: string;
  /** The name of the error that came first, once the workflow has ended by one. */
  readonly reason?: string;
}

/** The Fail state by which an order ends that was undone as it should be; any other end needs a person. */
const CLEAN_END = 'OrderCancelled';

/** Enough to find the last state entered behind the attempts of one that retries. */
const RECENT_EVENTS = 100;

/** The executions of `order-fulfillment`: one an order, named by the order's id. */
export const workflow = (stateMachineArn: string) => {
  const executionArn = (orderId: string) =>
    `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${orderId}`;

  return {
    /**
     * Starts the order's workflow, once: the name makes a second start the same execution.
     * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
     */
    start: async (order: PlacedOrder): Promise<void> => {
      try {
        await stepFunctions.send(
          new StartExecutionCommand({ stateMachineArn, name: order.orderId, input: JSON.stringify(order) }),
        );
      } catch (error) {
        // Running with the same input answers success; ended answers this.
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },

    whereIs: async (orderId: string): Promise<Whereabouts> => {
      try {
        const { events = [] } = await stepFunctions.send(
          new GetExecutionHistoryCommand({
            executionArn: executionArn(orderId),
            reverseOrder: true,
            maxResults: RECENT_EVENTS,
            includeExecutionData: false,
          }),
        );
        const step = events.find(({ stateEnteredEventDetails }) => stateEnteredEventDetails)
          ?.stateEnteredEventDetails?.name;
        return { ...endOf(events[0]), ...(step && { step }) };
      } catch (error) {
        // Recorded, not started yet: the placing call is under way, or died between the two.
        if (error instanceof ExecutionDoesNotExist) return { status: 'PENDING' };
        throw error;
      }
    },

    /** Every event of the order's execution, oldest first; none where it has not started. */
    history: async (orderId: string): Promise<HistoryEvent[]> => {
      const all: HistoryEvent[] = [];
      let nextToken: string | undefined;
      do {
        try {
          const page = await stepFunctions.send(
            new GetExecutionHistoryCommand({
              executionArn: executionArn(orderId),
              maxResults: 1_000,
              nextToken,
            }),
          );
          all.push(...(page.events ?? []));
          nextToken = page.nextToken;
        } catch (error) {
          if (error instanceof ExecutionDoesNotExist) return [];
          throw error;
        }
      } while (nextToken);
      return all;
    },
  };
};
export type Workflow = ReturnType<typeof workflow>;

const endOf = (last: HistoryEvent | undefined): Whereabouts => {
  switch (last?.type) {
    case 'ExecutionSucceeded':
      return { status: 'CONFIRMED' };
    case 'ExecutionFailed': {
      const { error, cause } = last.executionFailedEventDetails ?? {};
      if (error === CLEAN_END) return { status: 'CANCELLED', ...(cause && { reason: cause }) };
      return { status: 'NEEDS_ATTENTION', ...(error && { reason: error }) };
    }
    case 'ExecutionAborted':
    case 'ExecutionTimedOut':
      return { status: 'NEEDS_ATTENTION', reason: last.type };
    default:
      return { status: 'PENDING' };
  }
};
