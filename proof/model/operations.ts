import { goOnFrom } from '../../lambdas/orders/go-on-from.ts';
import { FIRST_UNDO } from '../../saga/steps.ts';
import { bookOf, type Effect } from '../effects.ts';
import { goneOn, loosen, started } from './engine.ts';
import { FIRST } from './graph.ts';
import { type Book, type Entry, type Order, type Run, runOf, spend, type Word } from './order.ts';

/** What a step does to the goods that all orders share, where it does anything. */
export type Goods = 'taken' | 'missing' | 'returned';

/** One of the ways in which an operation can end. */
export interface Effected {
  readonly order: Order;
  readonly answer: string;
  readonly goods?: Goods;
}

/** One call of a handler's: it happens at once, as a write of DynamoDB's does, or a call of the outside. */
export interface Operation {
  readonly name: string;
  readonly on: (order: Order) => readonly Effected[];
  /** A write under a condition: the SDK repeats it where its answer is lost, and the repeat meets what the first has left. */
  readonly isConditional?: true;
  /** Of what reads the record: what it asks for. */
  readonly fields?: readonly Field[];
  /** Of what is only read: whether it can not change any more. */
  readonly isFinal?: (order: Order) => boolean;
}

export const HELD = 'held';
export const NOT_HELD = 'not held';

const write = (name: string, on: (order: Order) => Order | undefined): Operation => ({
  name,
  isConditional: true,
  on: (order) => {
    const next = on(order);
    return [next ? { order: next, answer: HELD } : { order, answer: NOT_HELD }];
  },
});
const call = (name: string, on: (order: Order) => readonly [Order, string]): Operation => ({
  name,
  on: (order) => {
    const [next, answer] = on(order);
    return [{ order: next, answer }];
  },
});
const read = (
  name: string,
  on: (order: Order) => string,
  isFinal: (order: Order) => boolean = () => false,
): Operation => ({ ...call(name, (order) => [order, on(order)]), isFinal });

// The ledgers.

const FINAL: readonly string[] = ['refused', 'undone', 'VOIDED', 'RELEASED', 'OUT_OF_STOCK'];

export const readEntry = (effect: Effect) =>
  read(
    `${effect}: reads its entry`,
    (order) => order[effect],
    (order) => FINAL.includes(order[effect]),
  );

export const open = (effect: Effect, to: Entry) =>
  write(`${effect}: opens its entry as ${to}`, (order) =>
    order[effect] === '' ? { ...order, [effect]: to } : undefined,
  );

export const move = (effect: Effect, from: readonly Entry[], to: Entry) =>
  write(`${effect}: ${from.join(' or ')} becomes ${to}`, (order) =>
    from.includes(order[effect]) ? { ...order, [effect]: to } : undefined,
  );

/** The outside may refuse; who asks later may have more luck. */
const refused = (order: Order): Effected[] =>
  order.budget.refusals > 0 ? [{ order: spend(order, 'refusals'), answer: 'refused' }] : [];

/** Something is made that has no effect: only what of it is on record is ever heard of again. */
export const prepare = (effect: Effect): Operation => ({
  name: `${bookOf(effect)}: prepares`,
  on: (order) => [{ order, answer: 'prepared' }, ...refused(order)],
});

/** What is on record becomes real. */
export const commit = (effect: Effect): Operation => {
  const book = bookOf(effect);
  return {
    name: `${book}: commits`,
    on: (order) => {
      switch (order[book]) {
        case '':
          return [{ order: { ...order, [book]: 'done' }, answer: 'done' }, ...refused(order)];
        case 'done':
        case 'left':
          return [{ order, answer: 'done' }];
        default:
          return [{ order, answer: 'closed' }];
      }
    },
  };
};

const UNDONE: Partial<Record<Book, Book>> = { '': 'closed', done: 'undone' };
export const takeBack = (effect: Effect) =>
  call(`${bookOf(effect)}: takes it back`, (order) => {
    const book = bookOf(effect);
    if (order[book] === 'left') return [order, 'left'];
    return [{ ...order, [book]: UNDONE[order[book]] ?? order[book] }, HELD];
  });

/** Whoever settles an undo by hand has taken back what there was by then; what was prepared is cancelled. */
export const close = (effect: Effect) =>
  call(`${bookOf(effect)}: closes`, (order) => {
    const book = bookOf(effect);
    return [{ ...order, [book]: UNDONE[order[book]] ?? order[book] }, HELD];
  });

/** The same, but what was prepared stays as it is. */
export const leaveOpen = (effect: Effect) =>
  call(`${bookOf(effect)}: is not told`, (order) => {
    const book = bookOf(effect);
    return [order[book] === 'done' ? { ...order, [book]: 'undone' } : order, HELD];
  });

// The stock.

export const readReservation = () =>
  read(
    'reservation: is read',
    ({ reservation }) => reservation,
    ({ reservation }) => FINAL.includes(reservation),
  );

/** One transaction: the reservation, and less on the shelf. */
export const takeGoods = (): Operation => ({
  name: 'stock: the reservation and its goods',
  on: (order) =>
    order.reservation === ''
      ? [
          { order: { ...order, reservation: 'RESERVED' }, answer: HELD, goods: 'taken' },
          { order, answer: 'too little', goods: 'missing' },
        ]
      : [{ order, answer: NOT_HELD }],
});

export const returnGoods = (): Operation => ({
  name: 'stock: the release and its goods',
  on: (order) =>
    order.reservation === 'RESERVED'
      ? [{ order: { ...order, reservation: 'RELEASED' }, answer: HELD, goods: 'returned' }]
      : [{ order, answer: NOT_HELD }],
});

export const fenceReservation = (to: 'OUT_OF_STOCK' | 'VOIDED') =>
  write(`reservation: opens as ${to}`, (order) =>
    order.reservation === '' ? { ...order, reservation: to } : undefined,
  );

// The order's record.

export const putOrder = () =>
  write('record: the order is placed', (order) =>
    order.isPlaced ? undefined : { ...order, isPlaced: true, isOpen: true },
  );

export type Field =
  | 'outcome'
  | 'isKept'
  | 'isOpen'
  | 'isCancelling'
  | 'parked'
  | 'parkedIn'
  | 'isTold'
  /** It has just been opened: `cancel-order`, which has less than a minute, may be at work. */
  | 'isYoung';
const isYoung = ({ loose }: Pick<Order, 'loose'>): boolean =>
  loose.some((actor) => actor.startsWith('cancelOrder'));
export type Fields = Readonly<Partial<Record<Field, string>>>;
type Recorded = Pick<Order, Exclude<Field, 'isYoung'> | 'loose'>;
export const fieldsOf = (order: Recorded, fields: readonly Field[]): string =>
  fields.map((field) => `${field}=${(field === 'isYoung' ? isYoung(order) : order[field]) || ''}`).join();
export const fieldsIn = (answer: string): Fields =>
  Object.fromEntries(answer.split(',').map((field) => field.split('=')));

/** As much of it as its reader asks for. */
export const readRecord = (...fields: readonly Field[]): Operation => ({
  ...read('record: is read', (order) => fieldsOf(order, fields)),
  fields,
});

const UNPARKED = { parked: 0, parkedIn: '', canBeKept: false, isTold: false, isHeard: false } as const;
/** A confirmed order is not being cancelled, or not any more. */
const closedAs = (order: Order, outcome: 'CONFIRMED' | 'CANCELLED', isKept = false): Order => ({
  ...order,
  ...UNPARKED,
  outcome,
  isKept,
  isOpen: false,
  isCancelling: outcome === 'CONFIRMED' ? false : order.isCancelling,
});

/** `project-order`: what an event says of the end. */
export const project = (event: string) =>
  write(`record: ${event} is noted`, (order) => {
    const [type, wait] = event.split(' ');
    if (type === 'OrderConfirmed') return order.outcome === '' ? closedAs(order, 'CONFIRMED') : undefined;
    if (order.outcome === 'CANCELLED') return undefined;
    if (type === 'OrderCancelled') return closedAs(order, 'CANCELLED');
    const isOver = order.parked === 0 || order.parked === Number(wait) || order.parkedIn !== 'ParkUndo';
    return isOver ? closedAs(order, 'CONFIRMED', true) : undefined;
  });

/** That an order has not ended as it does where it goes on from there: `lambdas/orders/order-changes.ts`, `UNTOLD`. */
const UNTOLD: Readonly<Record<string, (order: Order) => boolean>> = {
  PublishOrderConfirmed: ({ outcome }) => outcome === '',
  KeepShipment: ({ isOpen }) => isOpen,
  [FIRST_UNDO]: ({ outcome }) => outcome !== 'CANCELLED',
};

/**
 * @param from where it goes on: of what it waits for nobody has been told yet
 * @param isAllowed whether the record may take this wait
 */
export const park = (
  wait: number,
  state: string,
  from: string,
  canBeKept: boolean,
  isAllowed: (order: Order) => boolean,
) =>
  write(`record: parked in ${state}, wait ${wait}`, (order) => {
    if (!UNTOLD[from]?.(order) || !isAllowed(order)) return undefined;
    if (order.parked === wait) return order;
    return {
      ...order,
      ...UNPARKED,
      parked: wait,
      parkedIn: state,
      canBeKept,
      seen: Math.max(order.seen, wait),
    };
  });

export const tell = (wait: number) =>
  call(`OrderNeedsAttention of wait ${wait} is published`, (order) => [
    order.parked === wait ? { ...order, isHeard: true } : order,
    HELD,
  ]);

export const noteTold = (wait: number) =>
  write(`record: told of wait ${wait}`, (order) =>
    order.parked === wait ? { ...order, isTold: true } : undefined,
  );

export const unpark = (wait: number) =>
  write(`record: wait ${wait} is over`, (order) =>
    order.parked === wait ? { ...order, ...UNPARKED } : undefined,
  );

/** @param isKept as it was read: an order is confirmed once, and kept once. Without, whatever was read */
export const reopen = (isKept?: boolean) =>
  write('record: open again, as its customer cancels it', (order) =>
    order.outcome === 'CONFIRMED' && (isKept ?? order.isKept) === order.isKept
      ? { ...order, isOpen: true, isCancelling: true, turn: order.turn + 1 }
      : undefined,
  );

export const takeTurn = (turn: number, ...fields: readonly Field[]): Operation => ({
  name: 'record: the reconciler takes its turn',
  fields,
  on: (order) =>
    order.isOpen && order.turn === turn
      ? [{ order: { ...order, turn: turn + 1 }, answer: fieldsOf(order, fields) }]
      : [{ order, answer: NOT_HELD }],
});

export const settle = (
  outcome: 'CONFIRMED' | 'CANCELLED',
  isKept: boolean,
  isAllowed: (order: Order) => boolean,
) =>
  write(`record: settled as ${outcome}`, (order) =>
    isAllowed(order) ? closedAs(order, outcome, isKept) : undefined,
  );

// The engine.

/** What an execution's history tells: '' where there is no such execution. */
export const look = (name: string) =>
  read(
    `engine: looks at execution ${name}`,
    (order) => {
      const run = runOf(order, name);
      if (!run) return '';
      const { end, from, state, wait, word, wasConfirmed } = run;
      if (end === 'SUCCEEDED') return `${end}/${from}/${state === 'PublishOrderKept' ? state : ''}`;
      if (end === '') return `RUNNING/${from}/${goOnFrom(state) === FIRST_UNDO ? '' : state}`;
      if (end === 'CANCELLED') return `${end}/${from}`;
      return [end, from, state, wait, word, wasConfirmed ? 'confirmed' : ''].join('/');
    },
    (order) => Boolean(runOf(order, name)?.end),
  );

/** So many events that the end of a page hides where it was. */
export const lookAtPage = (name: string): Operation => ({
  ...look(name),
  isFinal: () => false,
  on: (order) =>
    look(name)
      .on(order)
      .flatMap((seen) => [seen, { ...seen, answer: seen.answer.replace('/PublishOrderConfirmed/', '//') }]),
});

/** A name serves once: a second start is the same execution where it runs with the same input, and refused elsewhere. */
export const start = (
  name: string,
  from: string,
  { word, wasConfirmed }: Pick<Run, 'word' | 'wasConfirmed'>,
  isAsked = false,
) =>
  call(`engine: starts execution ${name} at ${from}`, (order) => {
    const earlier = runOf(order, name);
    if (earlier) return [order, earlier.end === '' && earlier.from === from ? HELD : NOT_HELD];
    const next = started(order, name, from, { word, wasConfirmed });
    return [{ ...next, isAsked: order.isAsked || isAsked }, HELD];
  });
export const startSaga = () => start('0', FIRST, { word: '', wasConfirmed: false });

/**
 * The token's execution goes on, if it still waits under it. Where the SDK has had to ask twice a dead token may be dead by
 * its own first word: then it counts.
 */
export const wake = (wait: number, word: Word): Operation => ({
  name: `engine: wakes wait ${wait}`,
  on: (order) => {
    const run = order.runs.find((each) => each.end === '' && each.wait === wait);
    if (!run) {
      const again = { order: spend(order, 'losses'), answer: 'woken' };
      return [{ order, answer: 'dead' }, ...(order.budget.losses > 0 ? [again] : [])];
    }
    const next = { ...run, word: word || (run.word === 'keep' ? '' : run.word) };
    return [{ order: goneOn(loosen(order, run.task), next), answer: 'woken' }];
  },
});

export const readParcel = () => read('carrier: has the parcel left', (order) => order.carrier);

export const publish = (event: string) =>
  call(`${event} is published`, (order) => [
    {
      ...order,
      events: order.events.includes(event) ? order.events : [...order.events, event].sort(),
      published: order.published.includes(event) ? order.published : [...order.published, event].sort(),
    },
    HELD,
  ]);
