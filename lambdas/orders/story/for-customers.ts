import type { OperatorsOrder, Order } from '../../../api/answers/order.ts';
import type { OperatorsTimeline, Timeline, TimelineEntry } from '../../../api/answers/timeline.ts';
import { FraudSuspected } from '../../../events/fraud-suspected.ts';
import { failureBy, isKnown } from './failure.ts';

/**
 * The name of an error, as customers may see it. Names and messages are internal: they may quote an exception, a
 * resource or another service. A customer is told the names that the API promises, and for any other that the error was
 * a technical one. Which of us did something, what was noted, and whom we suspect, stays with us.
 */
const nameOf = (error: string): string => (isKnown(error) ? error : 'TechnicalError');

export const orderForCustomer = ({
  review: _,
  cancelling: __,
  kept: ___,
  erased,
  failure,
  ...order
}: OperatorsOrder): Order => ({
  ...order,
  ...(erased && { erased: { at: erased.at, by: 'operator' } }),
  ...(failure && {
    failure: {
      ...failure,
      error: nameOf(failure.error),
      ...(failure.parked && { parked: { ...failure.parked, error: nameOf(failure.parked.error) } }),
    },
  }),
});

const isOurs = (entry: TimelineEntry): boolean =>
  (entry.kind === 'event' && entry.name === FraudSuspected.type) ||
  (entry.kind === 'delivery' && entry.detail.type === FraudSuspected.type);

const entryForCustomer = (entry: TimelineEntry): Timeline['entries'][number] => {
  switch (entry.kind) {
    case 'step': {
      const { error, message: _, ...detail } = entry.detail;
      return error === undefined
        ? { ...entry, detail }
        : { ...entry, detail: { ...detail, error: nameOf(error), message: failureBy(error).message } };
    }
    case 'delivery': {
      const { error: _, ...detail } = entry.detail;
      return { ...entry, detail };
    }
    case 'parking': {
      const { error, by } = entry.detail;
      const whose = by && by !== 'time-out' ? 'operator' : by;
      return { ...entry, detail: { ...(error && { error: nameOf(error) }), ...(whose && { by: whose }) } };
    }
    case 'event':
      return entry;
  }
};

export const timelineForCustomer = ({ outcome, entries, ...timeline }: OperatorsTimeline): Timeline => ({
  ...timeline,
  ...(outcome && { outcome: { ...outcome, ...(outcome.reason && { reason: nameOf(outcome.reason) }) } }),
  entries: entries.filter((entry) => !isOurs(entry)).map(entryForCustomer),
});
