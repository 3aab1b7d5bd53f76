import type { EventBus } from '../events/event-bus.ts';
import { orderOf } from './engine.ts';

/** An execution when its end is announced: as DescribeExecution has it, but with times in epoch ms. */
export interface StatusChange {
  readonly name: string;
  readonly status: string;
  readonly [field: string]: unknown;
}

/** Step Functions' own events: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export const statusChanges = (bus: Pick<EventBus, 'announce'>) => {
  let silent = false;
  const silentOf = new Set<string>();
  return {
    announce: (change: StatusChange): void => {
      if (silent || silentOf.has(orderOf(change))) return;
      bus.announce('aws.states', 'Step Functions Execution Status Change', change);
    },
    /**
     * Whether events get lost from now on, as they may under best effort.
     * @param orderId for this order alone
     */
    lose: (lost: boolean, orderId?: string): void => {
      if (orderId) silentOf.add(orderId);
      else silent = lost;
    },
  };
};
export type StatusChanges = ReturnType<typeof statusChanges>;
