import type { Delivery } from '../../../api/answers/deliveries.ts';
import type {
  EventEntry,
  OperatorsTimeline,
  StepEntry,
  TimelineEntry,
} from '../../../api/answers/timeline.ts';
import type { OrderRecord } from '../order.ts';
import { type Step, stepsOf } from '../workflow/steps.ts';
import type { Machine, RunHistory } from '../workflow/workflow.ts';
import type { LoggedEvent } from './audit-log.ts';
import { deliveryEntries, type LostDelivery } from './delivery-entries.ts';
import { parkingEntriesIn, parkingEntriesOnRecord } from './parking-entries.ts';

type StepsFrom = OperatorsTimeline['sources']['steps'];

const NOTES: Partial<Record<StepsFrom, string>> = {
  partly:
    'The engine tells of the later steps only. Events, deliveries and parking are from our own records.',
  gone: 'The engine keeps what a workflow did for 90 days: the steps are gone. Events, deliveries and parking are from our own records.',
};

/**
 * An order that parks day by day has a long story. A function answers 6 MB at most:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MOST = 5_000;
const TOO_MANY = `Only the last ${MOST} entries are told.`;

const MACHINES: Readonly<Record<Machine, string>> = {
  fulfillment: 'OrderFulfillment',
  continuation: 'OrderContinuation',
};

const between = (from: string, to: string) => Date.parse(to) - Date.parse(from);

const stepEntry = (workflow: string, step: Step): StepEntry => {
  const { name, enteredAt, leftAt, outcome, attempts, error, message } = step;
  return {
    at: enteredAt,
    kind: 'step',
    name,
    outcome,
    detail: {
      workflow,
      attempts,
      ...(leftAt && { durationMs: between(enteredAt, leftAt) }),
      ...(error !== undefined && { error }),
      ...(message && { message }),
    },
  };
};

const eventEntry = ({ eventId, type, occurredAt, causationId }: LoggedEvent): EventEntry => ({
  at: occurredAt,
  kind: 'event',
  name: type,
  outcome: 'published',
  detail: { eventId, ...(causationId && { causationId }) },
});

const stepsFrom = (histories: readonly RunHistory[], { outcome, parking }: OrderRecord): StepsFrom => {
  const [first] = histories;
  if (!first) return outcome || parking ? 'gone' : 'not begun';
  return first.machine === 'fulfillment' && histories.every(({ isWhole }) => isWhole) ? 'engine' : 'partly';
};

/** Everything a timeline is made of, by source. */
export interface Told {
  readonly order: OrderRecord;
  readonly histories: readonly RunHistory[];
  readonly events: readonly LoggedEvent[];
  readonly deliveries: readonly Delivery[];
  /** The order's events that lie in dead-letter queues. */
  readonly lost: readonly LostDelivery[];
}

/** An order's timeline: the steps of its workflows, the events, what listeners made of them, and its waits. */
export const timelineOf = ({ order, histories, events, deliveries, lost }: Told): OperatorsTimeline => {
  const runs = histories.map(({ machine, events }) => ({
    workflow: MACHINES[machine],
    steps: stepsOf(events),
  }));
  const from = stepsFrom(histories, order);
  const entries: TimelineEntry[] = [
    // In the order in which it happened: much happens within a millisecond, and sorting by time keeps the order of
    // equals.
    ...runs.flatMap(({ workflow, steps }) =>
      steps.flatMap((step) => [stepEntry(workflow, step), ...parkingEntriesIn(step, order)]),
    ),
    ...parkingEntriesOnRecord(
      runs.flatMap(({ steps }) => steps),
      events,
      order,
    ),
    ...events.map(eventEntry),
    ...deliveryEntries(deliveries, lost),
  ];
  const note = [NOTES[from], entries.length > MOST ? TOO_MANY : undefined].filter(Boolean).join(' ');
  return {
    placedAt: order.placedAt,
    ...(order.outcome && { outcome: order.outcome }),
    entries: entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).slice(-MOST),
    sources: { steps: from, ...(note && { note }) },
  };
};
