import { bookOf, EFFECT_NAMES } from '../effects.ts';
import type { Order, Run } from './order.ts';

/** Two characters for every text there is: states are many, and made of few parts. */
const codes = new Map<string, string>();
const codeOf = (text: string): string => {
  const known = codes.get(text);
  if (known) return known;
  const code = String.fromCharCode(codes.size >> 16, codes.size & 0xffff);
  codes.set(text, code);
  return code;
};

const codeOfRun = (run: Run): string => codeOf(Object.values(run).join());
const codeOfValues = (part: object): string => codeOf(Object.values(part).join());
const codeOfList = (list: readonly string[]): string => codeOf(list.join('+'));

/** Who is behind the last turn is all that its number is for. */
const turnIn = ({ turn, loose }: Order): number =>
  loose.some((actor) => actor.startsWith('reconcileOrders')) ? turn : 0;

const LEDGERS_AND_BOOKS = EFFECT_NAMES.flatMap((effect) => [effect, bookOf(effect)] as const);

/** A state as text: equal where the two go on in the same ways. */
export const keyOf = (order: Order): string => {
  const { reservation, outcome, budget } = order;
  const { isPlaced, isOpen, isCancelling, isTold, isHeard, isAsked, isKept, canBeKept } = order;
  const { parked, parkedIn, seen, waits } = order;
  const flags = [isPlaced, isOpen, isCancelling, isTold, isHeard, isAsked, isKept, canBeKept];
  return (
    String.fromCharCode(
      flags.reduce((bits, flag) => bits * 2 + Number(flag), 0),
      turnIn(order),
      parked,
      seen,
      waits,
    ) +
    LEDGERS_AND_BOOKS.map((name) => codeOf(order[name])).join('') +
    codeOf(reservation) +
    codeOf(outcome) +
    codeOf(parkedIn) +
    codeOfValues(budget) +
    codeOfList(order.loose) +
    codeOfList(order.events) +
    codeOfList(order.published) +
    order.runs.map(codeOfRun).join('')
  );
};
