import { type BookName, bookOf, EFFECT_NAMES, type Effect } from '../effects.ts';

/**
 * A ledger's entry, whatever its service calls it. `shared`: doing, by more than one attempt; `refusing`: undoing, with
 * the reason of a refusal.
 */
export type Entry =
  | ''
  | 'doing'
  | 'shared'
  | 'done'
  | 'refused'
  | 'refusing'
  | 'undoing'
  | 'undone'
  | 'VOIDED'
  | 'KEPT';

/**
 * What the outside has in its books, of what is on record: nothing but what was prepared, the effect, the effect and its
 * taking back, what was cancelled before it was real; `left`: nobody can take it back.
 */
export type Book = '' | 'done' | 'undone' | 'closed' | 'left';

export type Reservation = '' | 'RESERVED' | 'RELEASED' | 'OUT_OF_STOCK' | 'VOIDED';

export type End = '' | 'SUCCEEDED' | 'CANCELLED' | 'ABNORMAL';

export type Word = Effect | 'keep' | '';

/** One execution of an order's. */
export interface Run {
  readonly name: string;
  /** The state that it began with. */
  readonly from: string;
  /** The state that it is in, or was in when it ended. */
  readonly state: string;
  /** '' while it runs. */
  readonly end: End;
  /** The attempt at work (`programs.ts`), and how far it is; '' where none is, or it waits for its token. */
  readonly task: string;
  /** The number of the wait whose token wakes it; once it has ended, that of its end; 0 for none. */
  readonly wait: number;
  /** The name of its `$.undoFailure`, or ''. */
  readonly flaw: string;
  /** What an operator has said in its last wait: whose undo is settled by hand, or that the order is kept. */
  readonly word: Word;
  /** It cancels what was confirmed. */
  readonly wasConfirmed: boolean;
  /** Step Functions' word of its end is under way. */
  readonly isNews: boolean;
}

/** What may still happen of each kind, as the exploration has to end. */
export interface Budget {
  /** Attempts of tasks that are reported failed: their handlers die, or go on. */
  readonly faults: number;
  /** Answers and events that get lost, events that come twice, handlers that die for whom nobody waits. */
  readonly losses: number;
  /** Declined cards, undeliverable addresses; out of stock is whoever comes too late for the last piece. */
  readonly refusals: number;
  /** Executions ended from outside. */
  readonly aborts: number;
  /** The customer's cancellation. */
  readonly cancels: number;
  /** The operator's word to go on, ... */
  readonly resumes: number;
  /** ... and how many of them settle an undo by hand. */
  readonly skips: number;
  /** Passes of the reconciler beside anything else; where nothing else moves there are as many as it takes. */
  readonly looks: number;
  /** Waits that last a day. */
  readonly timeouts: number;
  /** Parcels that leave. */
  readonly departures: number;
}

/** Everything there is of one order, but for the goods that all orders share. */
export interface Order extends Readonly<Record<Effect, Entry>>, Readonly<Record<BookName, Book>> {
  readonly reservation: Reservation;

  /** The order's record is there. */
  readonly isPlaced: boolean;
  readonly outcome: '' | 'CONFIRMED' | 'CANCELLED';
  /** It was to be cancelled, and is confirmed all the same. */
  readonly isKept: boolean;
  readonly isOpen: boolean;
  /** `lookedAt`, as a number: nobody asks but whether it is still the same. */
  readonly turn: number;
  readonly isCancelling: boolean;
  /** The wait that is on record, and the state that waits; 0 and '' where none is. */
  readonly parked: number;
  readonly parkedIn: string;
  /** It waits because its parcel has left, and nothing is undone. */
  readonly canBeKept: boolean;
  /** The latest wait that was on record. */
  readonly seen: number;
  /** It is on record that operators have been told. */
  readonly isTold: boolean;

  readonly runs: readonly Run[];
  /** Handlers at work that no execution waits for, or none any more. */
  readonly loose: readonly string[];
  /** Completion events under way. */
  readonly events: readonly string[];

  // What nobody reads: how the properties know.
  /** Completion events that were published, ever. */
  readonly published: readonly string[];
  /** Operators were told of the wait that is on record. */
  readonly isHeard: boolean;
  /** The customer's cancellation was started. */
  readonly isAsked: boolean;
  /** Numbers that were given to waits and ends. */
  readonly waits: number;

  readonly budget: Budget;
}

const everyEffect = <Value>(value: Value) =>
  Object.fromEntries(EFFECT_NAMES.map((effect) => [effect, value])) as Record<Effect, Value>;
const everyBook = <Value>(value: Value) =>
  Object.fromEntries(EFFECT_NAMES.map((effect) => [bookOf(effect), value])) as Record<BookName, Value>;

export const orderAtFirst = (budget: Budget): Order => ({
  ...everyEffect(''),
  ...everyBook(''),
  reservation: '',
  isPlaced: false,
  outcome: '',
  isKept: false,
  isOpen: false,
  turn: 0,
  isCancelling: false,
  parked: 0,
  parkedIn: '',
  canBeKept: false,
  seen: 0,
  isTold: false,
  runs: [],
  loose: ['placeOrder()'],
  events: [],
  published: [],
  isHeard: false,
  isAsked: false,
  waits: 0,
  budget,
});

export const spend = (order: Order, what: keyof Budget): Order => ({
  ...order,
  budget: { ...order.budget, [what]: order.budget[what] - 1 },
});

export const runOf = ({ runs }: Order, name: string): Run | undefined =>
  runs.find((run) => run.name === name);

export const withRun = (order: Order, run: Run): Order => ({
  ...order,
  runs: order.runs.map((each) => (each.name === run.name ? run : each)),
});

/** Nothing goes on by itself: whoever runs waits for an operator. */
export const isQuiet = ({ isPlaced, runs, loose, events }: Order): boolean =>
  isPlaced &&
  loose.length === 0 &&
  events.length === 0 &&
  runs.every(({ end, task, isNews }) => !isNews && (end !== '' || task === ''));
