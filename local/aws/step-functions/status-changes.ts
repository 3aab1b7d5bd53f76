import type { EventBus } from '../events/event-bus.ts';
import { orderOf } from './engine.ts';

/** An execution as its end is announced: as DescribeExecution tells it, with its times in epoch ms. */
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
    /** Whether they get lost, as ones delivered by best effort may. @param orderId of this order alone */
    lose: (lost: boolean, orderId?: string): void => {
      if (orderId) silentOf.add(orderId);
      else silent = lost;
    },
  };
};
export type StatusChanges = ReturnType<typeof statusChanges>;
