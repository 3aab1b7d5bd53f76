import { goOnFrom } from '../../lambdas/orders/go-on-from.ts';
import { FIRST_UNDO, STEPS } from '../../saga/steps.ts';
import { EFFECT_NAMES, type Effect, effectOf } from '../effects.ts';
import * as operations from './operations.ts';
import { HELD, NOT_HELD, type Operation } from './operations.ts';
import type { Entry, Order, Run, Word } from './order.ts';
import { RECOVERIES, type Rules } from './rules.ts';

/** A handler: yields one operation after the other, is given their answers, and returns what it answers itself. */
export type Program = Generator<Operation, string, string>;

/** What a handler answers that has done its work; anything else is the name of its error. */
export const DONE = 'done';
const CANCELLED = 'OrderAlreadyCancelledError';
/** A ledger knows one refusal. */
const refusalOf = (effect: Effect): string => Object.keys(STEPS[effectOf(effect).step].refusals)[0] as string;

/** The handlers, as `lambdas/` has them, call by call; where a rule is of before, as it was then. */
export const programs = (rules: Rules, recoveries = RECOVERIES) => {
  // lambdas/runtime/ledger.ts

  function* outcome(effect: Effect, entry: string): Program {
    if (entry === 'done' || entry === 'KEPT') return DONE;
    if (entry === 'refusing') {
      yield operations.takeBack(effect);
      yield operations.move(effect, ['undoing', 'refusing'], 'refused');
      return refusalOf(effect);
    }
    return entry === 'refused' ? refusalOf(effect) : CANCELLED;
  }

  function* refuse(effect: Effect, isAlone: boolean): Program {
    if (rules('refusalUnheld')) {
      yield operations.move(effect, ['doing', 'shared'], 'refused');
      return refusalOf(effect);
    }
    if (isAlone && (yield operations.move(effect, ['doing'], 'refused')) === HELD) return refusalOf(effect);
    yield operations.move(effect, ['doing', 'shared'], 'refusing');
    return yield* outcome(effect, yield operations.readEntry(effect));
  }

  function* commit(effect: Effect, isAlone: boolean): Program {
    const said = yield operations.commit(effect);
    if (said === 'refused') return yield* refuse(effect, isAlone);
    if (said === 'closed') return CANCELLED;
    if ((yield operations.move(effect, ['doing', 'shared'], 'done')) === HELD) return DONE;
    return yield* outcome(effect, yield operations.readEntry(effect));
  }

  function* perform(effect: Effect): Program {
    for (;;) {
      const entry = yield operations.readEntry(effect);
      if (entry === 'doing' || entry === 'shared') {
        return (yield operations.move(effect, ['doing', 'shared'], 'shared')) === HELD
          ? yield* commit(effect, false)
          : yield* outcome(effect, yield operations.readEntry(effect));
      }
      if (entry !== '') return yield* outcome(effect, entry);
      if ((yield operations.prepare(effect)) === 'refused') {
        if ((yield operations.open(effect, 'refused')) === HELD) return refusalOf(effect);
        continue;
      }
      if (rules('commitBeforeRecord')) yield operations.commit(effect);
      if ((yield operations.open(effect, 'doing')) === HELD) return yield* commit(effect, true);
    }
  }

  function* undo(effect: Effect, word: string): Program {
    const isSettled = word === effect;
    for (;;) {
      const entry = yield operations.readEntry(effect);
      if (entry === '') {
        if ((yield operations.open(effect, 'VOIDED')) === HELD) return DONE;
        continue;
      }
      const begun: Entry[] = entry === 'KEPT' ? ['KEPT'] : ['undoing', 'refusing'];
      const before: Entry[] = entry === 'done' ? ['done'] : ['doing', 'shared'];
      if (before.includes(entry as Entry)) {
        if ((yield operations.move(effect, before, 'undoing')) === NOT_HELD) continue;
      } else if (!begun.includes(entry as Entry)) return DONE;
      if (isSettled) {
        yield rules('skipLeavesPrepared') ? operations.leaveOpen(effect) : operations.close(effect);
      } else if ((yield operations.takeBack(effect)) === 'left') return 'ShipmentDispatchedError';
      if ((yield operations.move(effect, begun, 'undone')) === HELD) return DONE;
      if (isSettled && (yield operations.move(effect, ['undone'], 'undone')) === HELD) return DONE;
    }
  }

  function* keep(effect: Effect): Program {
    for (;;) {
      const entry = yield operations.readEntry(effect);
      if (entry === 'KEPT') return DONE;
      if (entry !== 'undoing' && entry !== 'refusing') return CANCELLED;
      if ((yield operations.readParcel()) !== 'left') return 'ShipmentNotDispatchedError';
      if ((yield operations.move(effect, ['undoing', 'refusing'], 'KEPT')) === HELD) return DONE;
    }
  }

  // lambdas/inventory/stock.ts

  function* reserve(): Program {
    const answer = yield operations.takeGoods();
    if (answer === HELD) return DONE;
    if (answer !== NOT_HELD) {
      if (rules('refusalLeavesNoFence')) return 'OutOfStockError';
      yield operations.fenceReservation('OUT_OF_STOCK');
    }
    const decided = yield operations.readReservation();
    if (decided === 'OUT_OF_STOCK') return 'OutOfStockError';
    return decided === 'RESERVED' ? DONE : CANCELLED;
  }

  function* release(): Program {
    for (;;) {
      const reservation = yield operations.readReservation();
      if (reservation === '') {
        if ((yield operations.fenceReservation('VOIDED')) === HELD) return DONE;
        continue;
      }
      if (reservation === 'RESERVED') yield operations.returnGoods();
      return DONE;
    }
  }

  // lambdas/orders/workflow/workflow.ts

  const names = (number: number): readonly string[] =>
    rules('executionsNamedByPairs') && number > 0
      ? [`cancellation ${number}`, `confirmation ${number}`]
      : [`${number}`];
  const nameFor = (number: number, from: string): string => {
    const [cancellation = '', confirmation = cancellation] = names(number);
    return from === FIRST_UNDO ? cancellation : confirmation;
  };
  const look = rules('lookReadsOnePage') ? operations.lookAtPage : operations.look;

  interface Seen extends Pick<Run, 'name' | 'from' | 'state' | 'word' | 'wasConfirmed'> {
    readonly number: number;
    readonly end: string;
    /** When it ended, as a number that tells it from other ends, and from waits. */
    readonly at: number;
    readonly abnormalEnds: number;
  }
  const seenAs = (name: string, number: number, answer: string, before: Seen | undefined): Seen => {
    const [end = '', from = '', state = '', at, word = '', wasConfirmed] = answer.split('/');
    const abnormalEnds = end === 'ABNORMAL' ? (before?.abnormalEnds ?? 0) + 1 : 0;
    return {
      name,
      number,
      end,
      from,
      state,
      at: Number(at),
      word: word as Word,
      wasConfirmed: Boolean(wasConfirmed),
      abnormalEnds,
    };
  };

  function* runs(isCancelling: boolean): Generator<Operation, Seen | undefined, string> {
    let last: Seen | undefined;
    for (let number = 0; ; number += 1) {
      if (last?.end === 'CANCELLED') return last;
      if (last?.end === 'RUNNING' && (!isCancelling || rules('runsStopAtRunning'))) return last;
      if (rules('executionsNamedByPairs') && number > 1 && last?.end !== 'ABNORMAL') return last;
      let next: Seen | undefined;
      for (const name of names(number)) {
        const answer = yield look(name);
        next = answer === '' ? undefined : seenAs(name, number, answer, last);
        if (next) break;
      }
      // The saga may be forgotten where what came after it is not.
      if (!next && number > 0) return last;
      last = next ?? last;
    }
  }

  const isAbnormal = ({ end }: Seen): boolean => end === 'ABNORMAL';
  const isUndoing = ({ end, from }: Seen): boolean =>
    end === 'CANCELLED' || (end !== 'SUCCEEDED' && from === FIRST_UNDO);

  const ASKED = { word: '', wasConfirmed: true } as const;

  function* placeOfCancellation(): Generator<Operation, number | undefined, string> {
    if (rules('executionsNamedByPairs')) return 1;
    const last = yield* runs(true);
    return last && isUndoing(last) ? undefined : (last?.number ?? 0) + 1;
  }

  function* startCancellation(place: number | undefined): Program {
    if (place === undefined) return DONE;
    for (let number = place; number < place + 3; number += 1) {
      const name = nameFor(number, FIRST_UNDO);
      if ((yield operations.start(name, FIRST_UNDO, ASKED, true)) === HELD) return DONE;
      if (rules('executionsNamedByPairs')) return DONE;
      const taken = seenAs(name, number, yield look(name), undefined);
      if (taken.from === FIRST_UNDO) return DONE;
    }
    return 'Error';
  }

  /** @param word an operator's; without, what was said before stays */
  function* recover(ended: Seen, word: string = ended.word): Program {
    const from = goOnFrom(ended.state);
    const data = { word: word as Word, wasConfirmed: ended.wasConfirmed };
    yield operations.start(nameFor(ended.number + 1, from), from, data);
    return DONE;
  }

  // lambdas/orders/workflow/go-on-or-park.ts, park-and-publish.ts

  /** One that has ended never parks, nor does a wait that is older than one that was on record. */
  const mayPark = (wait: number) => (order: Order) =>
    rules('lateParkOverwrites') || order.seen < wait || order.parked === wait;

  function* park(wait: number, state: string, from: string, canBeKept = false): Program {
    const asked = operations.park(wait, state, from, canBeKept, mayPark(wait));
    if ((yield asked) === NOT_HELD) return NOT_HELD;
    yield operations.tell(wait);
    return DONE;
  }

  /** Its end is known to everyone who listens. */
  const isKnown = ({ outcome, isKept, isOpen }: operations.Fields, { state }: Seen): boolean => {
    const from = goOnFrom(state);
    if (from === 'KeepShipment') return Boolean(isKept) && !isOpen;
    return from === 'PublishOrderConfirmed' && outcome === 'CONFIRMED' && !rules('confirmedParks');
  };

  function* goOnOrPark(record: operations.Fields, ended: Seen): Program {
    if (isKnown(record, ended)) return DONE;
    const wait = ended.at;
    const isParked = Number(record.parked) === wait;
    if (isParked && (record.isTold || rules('recoverForgetsToTell'))) return DONE;
    if (!isParked && ended.abnormalEnds <= recoveries) return yield* recover(ended);
    const from = rules('confirmedParks') ? FIRST_UNDO : goOnFrom(ended.state);
    if ((yield* park(wait, 'Recovery', from)) === DONE) yield operations.noteTold(wait);
    return DONE;
  }

  /** As the boundary of a task has it: to find nothing to do is to have done it. */
  function* parkOrder(wait: string, state: string, canBeKept: string): Program {
    yield* park(Number(wait), state, goOnFrom(state), canBeKept !== '');
    return DONE;
  }

  // Who begins by itself.

  function* placeOrder(): Program {
    yield operations.putOrder();
    yield operations.startSaga();
    return DONE;
  }

  function* recoverOrder(name: string): Program {
    const record = operations.fieldsIn(
      yield operations.readRecord('outcome', 'isKept', 'isOpen', 'isCancelling', 'parked', 'isTold'),
    );
    const last = yield* runs(Boolean(record.isCancelling));
    return last && isAbnormal(last) && last.name === name ? yield* goOnOrPark(record, last) : DONE;
  }

  function* reconcileOrders(turn: string): Program {
    const taken = yield operations.takeTurn(
      Number(turn),
      'outcome',
      'isKept',
      'isOpen',
      'isCancelling',
      'isYoung',
      'parked',
      'isTold',
    );
    if (taken === NOT_HELD) return DONE;
    const record = operations.fieldsIn(taken);
    const last = yield* runs(Boolean(record.isCancelling));
    if (!last) {
      if (record.outcome) return yield* startCancellation(1);
      yield operations.startSaga();
      return DONE;
    }
    if (isAbnormal(last) && !isKnown(record, last)) return yield* goOnOrPark(record, last);
    // One that still waits to hear that its end was published is through.
    const isThrough = last.end !== 'RUNNING' || (isKnown(record, last) && !rules('waitingSagaStaysOpen'));
    if (!isThrough) return DONE;
    // `cancel-order` has opened the order again, and has had no time yet to start the cancellation.
    const isYoung = rules('clockReadAfterLook')
      ? operations.fieldsIn(yield operations.readRecord('isYoung')).isYoung
      : record.isYoung;
    if (isYoung && record.outcome === 'CONFIRMED' && last.end !== 'CANCELLED') return DONE;
    if (last.end === 'CANCELLED') yield* release();
    const isAsRead = ({ isOpen, turn: now }: Order) =>
      isOpen && (rules('settleUnconditional') || now === Number(turn) + 1);
    const outcome = last.end === 'CANCELLED' ? 'CANCELLED' : 'CONFIRMED';
    yield operations.settle(outcome, last.state === 'PublishOrderKept', isAsRead);
    return DONE;
  }

  function* cancelOrder(): Program {
    for (;;) {
      const { outcome, isKept } = operations.fieldsIn(yield operations.readRecord('outcome', 'isKept'));
      if (outcome !== 'CONFIRMED') return DONE;
      if ((yield operations.readParcel()) === 'left') return DONE;
      if (rules('cancellationPlacedLate')) {
        if ((yield operations.reopen()) === NOT_HELD) return DONE;
        return yield* startCancellation(yield* placeOfCancellation());
      }
      const place = yield* placeOfCancellation();
      if ((yield operations.reopen(Boolean(isKept))) === HELD) return yield* startCancellation(place);
    }
  }

  function* resumeOrder(word: string): Program {
    const record = yield operations.readRecord('parked', 'parkedIn', 'isCancelling');
    const { parked: wait, parkedIn, isCancelling } = operations.fieldsIn(record);
    if (!wait) return DONE;
    const parked = Number(wait);
    if (parkedIn === 'Recovery') {
      const last = yield* runs(Boolean(isCancelling));
      if (last && isAbnormal(last)) yield* recover(last, word || last.word);
    } else {
      const answer = yield operations.wake(parked, word as Word);
      if (answer === 'dead') return DONE;
    }
    yield operations.unpark(parked);
    return DONE;
  }

  const onLedgers = Object.fromEntries(
    EFFECT_NAMES.flatMap((effect) => {
      const { step } = effectOf(effect);
      return [
        [step, () => perform(effect)],
        [STEPS[step].undo.name, (word: string) => undo(effect, word)],
      ];
    }),
  );

  return {
    ...onLedgers,
    ReserveInventory: reserve,
    ReleaseInventory: release,
    KeepShipment: () => keep('shipment'),
    parkOrder,
    *projectOrder(...event: string[]): Program {
      yield operations.project(event.join(' '));
      return DONE;
    },
    *publish(...event: string[]): Program {
      yield operations.publish(event.join(' '));
      return DONE;
    },
    placeOrder,
    recoverOrder,
    reconcileOrders,
    cancelOrder,
    resumeOrder,
  } satisfies Readonly<Record<string, (...input: string[]) => Program>>;
};
