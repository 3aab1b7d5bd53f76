import type { OperatorsOrder } from '../api/answers/order.ts';
import type {
  DeliveryEntry,
  EventEntry,
  OperatorsTimeline,
  ParkingEntry,
  StepEntry,
  TimelineEntry,
} from '../api/answers/timeline.ts';
import { UNDECIDED } from '../saga/reasons.ts';
import { undoOf, wordsFor } from '../saga/words.ts';
import { wares } from './order.ts';
import { clock, span } from './words.ts';

/** States that say nothing that another line does not say better: a parking has lines of its own. */
const UNTOLD = new Set(['GoOn', 'IsEverythingUndone', 'IsKept', 'WasConfirmed', 'OrderCancelled']);

const tries = ({ attempts }: StepEntry['detail'] | DeliveryEntry['detail']): string =>
  attempts > 1 ? `${attempts} attempts` : '';
const lasted = ({ durationMs }: StepEntry['detail'] | DeliveryEntry['detail']): string =>
  durationMs ? span(durationMs) : '';
const aside = (...parts: string[]): string => {
  const said = parts.filter((part) => part !== '');
  return said.length > 0 ? ` (${said.join(', ')})` : '';
};

const REASONS: ReadonlyMap<string, string> = new Map([
  ['States.Timeout', 'no answer in time'],
  ['ExecutionAborted', 'the workflow was ended from outside'],
]);
const reason = ({ error = '', message = '' }: StepEntry['detail']): string =>
  REASONS.get(error) ?? (message.replace(/\border ord_\w+/, 'the order') || error);

const stepLine = (
  entry: StepEntry,
  before: readonly TimelineEntry[],
  next: TimelineEntry | undefined,
): string => {
  const { name, outcome, detail } = entry;
  const { done, failed, doing, undoes } = wordsFor(name);
  if (outcome === 'running')
    return `… ${doing}${aside(name, detail.error ? `last attempt: ${detail.error}` : '', tries(detail))}`;
  if (outcome === 'failed' && UNDECIDED.has(detail.error ?? ''))
    return `… not decided yet: ${reason(detail)}${aside(name, detail.error ?? '', tries(detail))}`;
  if (outcome === 'failed') {
    // Its own undo comes next where nobody knows whether it had its effect.
    const isOpen = next !== undefined && next.name === undoOf(name);
    const doubt = isOpen ? '; whether it took effect is not known' : '';
    return `✗ ${failed}: ${reason(detail)}${doubt}${aside(name, detail.error ?? '', tries(detail))}`;
  }
  if (!undoes) return `✓ ${done}${aside(name, tries(detail), lasted(detail))}`;
  const has = (sought: string) =>
    before.some((earlier) => earlier.name === sought && earlier.outcome === 'succeeded');
  const isSettled = before.some(
    ({ kind, detail }) =>
      kind === 'parking' && detail.note?.split('; ').some((words) => words.startsWith(`${name}: `)),
  );
  const words = isSettled
    ? 'nothing to do: it was settled by hand'
    : has(undoes.step)
      ? done
      : undoes.perhaps;
  return `↩ ${words}${aside(name, has(name) ? 'once more' : '', tries(detail), lasted(detail))}`;
};

const deliveryLine = ({ name, outcome, detail }: DeliveryEntry): string => {
  const { type, error = '' } = detail;
  switch (outcome) {
    case 'done':
      return `· ${name} has dealt with ${type}${aside(tries(detail), lasted(detail))}`;
    case 'started':
      return `· ${name} is dealing with ${type}${aside(tries(detail))}`;
    case 'failed':
      return `✗ ${name} failed on ${type}, and will be given it again${aside(error, tries(detail))}`;
    default:
      return `✗ ${name} gave up on ${type}${aside(error, tries(detail))}: npm run ops -- redrive ${name}`;
  }
};

/** Where the operator has kept the order, the note is of the state that it leads to. */
const KEPT = 'KeepShipment: ';
const noted = (note: string): string =>
  note.startsWith(KEPT) ? `kept: ${note.slice(KEPT.length)}` : `settled by hand: ${note}`;

const parkingLine = (
  { at, name, outcome, detail }: ParkingEntry,
  before: readonly TimelineEntry[],
): string => {
  const { error = '', by, note } = detail;
  if (outcome === 'parked') return `‖ parked: waits for an operator${aside(name, error)}`;
  const began = before.findLast((entry) => entry.kind === 'parking' && entry.outcome === 'parked');
  const after = began ? ` after ${span(Date.parse(at) - Date.parse(began.at))}` : '';
  const whose = by === 'time-out' ? 'goes on by itself, as a day has passed' : `goes on: resumed by ${by}`;
  return `▶ ${whose}${by === 'time-out' ? '' : after}${note ? `; ${noted(note)}` : ''}${aside(name)}`;
};

const eventLine = ({ name, detail }: EventEntry): string => {
  const cause = detail.causationId?.split('#')[1];
  return `» ${name}${cause ? ` (because of ${cause})` : ''}`;
};

/** The lanes: the workflow at the margin, what it has told the bus beside it, and what listeners made of that. */
const INDENT = { step: '', parking: '', event: '    ', delivery: '        ' };

const summary = ({ failure }: OperatorsOrder): string[] => {
  if (!failure) return [];
  const undone = failure.undone?.map((undo) => wordsFor(undo).done).join(', ');
  return [`${failure.message} (${failure.error})${undone ? ` Undone: ${undone}.` : ''}`];
};

/** A step of the workflow that is told elsewhere; where the order could not be parked, it is the step that tells. */
const isTold = ({ kind, name, outcome, detail }: TimelineEntry): boolean => {
  if (kind !== 'step') return true;
  if (name.startsWith('Park')) return outcome === 'failed' && detail.error !== 'States.Timeout';
  return !UNTOLD.has(name);
};

const lineOf = (
  entry: TimelineEntry,
  before: readonly TimelineEntry[],
  next: TimelineEntry | undefined,
): string => {
  switch (entry.kind) {
    case 'step':
      return stepLine(entry, before, next);
    case 'parking':
      return parkingLine(entry, before);
    case 'event':
      return eventLine(entry);
    case 'delivery':
      return deliveryLine(entry);
  }
};

/** An order's timeline as a story for people: when after it was placed, what happened, and in whose lane. */
export const story = (order: OperatorsOrder, { entries, sources }: OperatorsTimeline): string => {
  const placed = Date.parse(order.placedAt);
  const told = entries.filter(isTold);
  const lines: (readonly [string, string])[] = [];
  let workflow: string | undefined;
  for (const [index, entry] of told.entries()) {
    const before = told.slice(0, index);
    const after = `+${span(Date.parse(entry.at) - placed)}`;
    if (entry.kind === 'step') {
      if (workflow && entry.detail.workflow !== workflow)
        lines.push([after, `— goes on in another workflow: ${entry.detail.workflow}`]);
      workflow = entry.detail.workflow;
    }
    const next = told.slice(index + 1).find(({ kind }) => kind === 'step');
    lines.push([after, `${INDENT[entry.kind]}${lineOf(entry, before, next)}`]);
  }
  const width = Math.max('after'.length, ...lines.map(([after]) => after.length));
  return [
    `${order.orderId}: ${wares(order)}`,
    `placed ${clock(order.placedAt)}, ${order.status}`,
    ...summary(order),
    '',
    `${'after'.padStart(width)}  workflow (✓ done, ✗ failed, ↩ undone), » event, · listener`,
    ...lines.map(([after, line]) => `${after.padStart(width)}  ${line}`),
    ...(sources.note ? ['', sources.note] : []),
  ].join('\n');
};
