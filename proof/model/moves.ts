import { answered, begun, callOf, programOf } from './actor.ts';
import { budgetOf } from './bounds.ts';
import { broken, failedWith, goneOn, loosen, triedAgain } from './engine.ts';
import { FAILED, isTried, TIMED_OUT } from './graph.ts';
import { keyOf } from './key.ts';
import { type Goods, project } from './operations.ts';
import { isQuiet, type Order, type Run, spend, withRun } from './order.ts';
import { DONE } from './programs.ts';
import type { Rules } from './rules.ts';
import { standsOf } from './stands.ts';

/** One step of somebody's. */
export interface Move {
  readonly name: string;
  readonly next: Order;
  readonly goods?: Goods;
}

export const movesOf = (rules: Rules) => {
  const stand = standsOf(rules);

  /** Nobody waits for it any more: when it is through it is gone. */
  const left = (order: Order, actor: string): Order =>
    'result' in stand(actor) ? order : loosen(order, actor);
  const without = (order: Order, actor: string): Order => {
    const loose = [...order.loose];
    loose.splice(loose.indexOf(actor), 1);
    return { ...order, loose };
  };

  /** What is read and cannot change any more may as well be read at once: nothing that others do comes in between. */
  const advanced = (order: Order, actor: string, answer: string): string => {
    const next = answered(actor, answer);
    const at = stand(next);
    const known = 'operation' in at && at.operation.isFinal?.(order) && at.operation.on(order)[0];
    return known ? advanced(order, next, known.answer) : next;
  };

  /** The next operation of a handler, in each way that it can end, and once more where its answer is lost. */
  const operated = (order: Order, actor: string, to: (order: Order, actor: string) => Order): Move[] => {
    const at = stand(actor);
    if ('result' in at) return [];
    const { operation } = at;
    const all = operation.on(order).map(
      ({ order: next, answer, goods }): Move => ({
        name: `${callOf(actor)} ${operation.name}: ${answer}`,
        next: to(next, advanced(next, actor, answer)),
        ...(goods && { goods }),
      }),
    );
    if (!operation.isConditional || order.budget.losses === 0) return all;
    const repeated = operation
      .on(order)
      .flatMap(({ order: once }) => operation.on(once))
      .map(
        ({ order: next, answer }): Move => ({
          name: `${callOf(actor)} ${operation.name}: no answer; again: ${answer}`,
          next: spend(to(next, advanced(next, actor, answer)), 'losses'),
        }),
      );
    return [...all, ...repeated];
  };

  /** Whoever begins to look at something does so when they look. */
  const beginning = (order: Order, actor: string, name: string): Move[] =>
    operated(order, actor, left).map(({ next }) => ({ name, next }));

  const says = ({ name, state }: Run, what: string): string => `${name} ${state}: ${what}`;

  /** That it has ended as it should not is announced, as well as can be. */
  const ofNews = (order: Order, run: Run): Move[] => {
    const told = withRun(order, { ...run, isNews: false });
    const moves = beginning(told, begun('recoverOrder', run.name), says(run, 'its end is announced'));
    if (order.budget.losses > 0)
      moves.push({ name: says(run, 'nobody is told of its end'), next: spend(told, 'losses') });
    return moves;
  };

  /** The task's attempt goes on, is through, or is reported failed, whatever becomes of its handler. */
  const ofTask = (order: Order, run: Run): Move[] => {
    const { state, task, wait } = run;
    const moves = operated(order, task, (next, actor) => withRun(next, { ...run, task: actor }));
    const at = stand(task);
    if ('result' in at) {
      const { result } = at;
      if (result !== DONE)
        moves.push({ name: says(run, `fails: ${result}`), next: failedWith(order, run, result) });
      else if (wait) moves.push({ name: says(run, 'waits'), next: withRun(order, { ...run, task: '' }) });
      else moves.push({ name: says(run, 'done'), next: goneOn(order, run) });
    }
    if (order.budget.faults === 0) return moves;
    const spent = spend(order, 'faults');
    for (const [how, next] of [
      ['its handler dies', spent],
      ['its handler goes on', loosen(spent, task)],
    ] as const) {
      if (isTried(state, FAILED))
        moves.push({ name: says(run, `reported failed, tried again; ${how}`), next: triedAgain(next, run) });
      moves.push({ name: says(run, `reported failed for good; ${how}`), next: failedWith(next, run) });
    }
    return moves;
  };

  const ofRun = (order: Order, run: Run): Move[] => {
    const { end, task, wait, isNews } = run;
    if (end) return isNews ? ofNews(order, run) : [];
    const { aborts, timeouts } = order.budget;
    const moves = task ? ofTask(order, run) : [];
    if (!task && wait && timeouts > 0) {
      const next = failedWith(spend(order, 'timeouts'), run, TIMED_OUT);
      moves.push({ name: says(run, 'has waited a day'), next });
    }
    if (aborts === 0) return moves;
    const spent = spend(order, 'aborts');
    moves.push({ name: says(run, 'aborted'), next: broken(spent, run) });
    if (task)
      moves.push({ name: says(run, 'aborted; its handler goes on'), next: broken(loosen(spent, task), run) });
    return moves;
  };

  const ofLoose = (order: Order, actor: string): Move[] => {
    const name = callOf(actor);
    const rest = without(order, actor);
    const moves = operated(order, actor, (next, at) => left(without(next, actor), at));
    // One whose task was reported failed may die where it likes; of the others it is a fault.
    if (isTask(programOf(actor))) moves.push({ name: `${name} dies`, next: rest });
    else if (order.budget.losses > 0) moves.push({ name: `${name} dies`, next: spend(rest, 'losses') });
    return moves;
  };

  const ofEvent = (order: Order, event: string): Move[] => {
    const [{ order: noted } = { order }] = project(event).on(order);
    const delivered = { ...noted, events: order.events.filter((each) => each !== event) };
    const moves: Move[] = [{ name: `${event} is delivered`, next: delivered }];
    if (order.budget.losses > 0) {
      moves.push(
        { name: `${event} is delivered, and will be again`, next: spend(noted, 'losses') },
        {
          name: `${event} is lost`,
          next: spend({ ...order, events: delivered.events }, 'losses'),
        },
      );
    }
    return moves;
  };

  /** What people do, and clocks. */
  const ofOthers = (order: Order): Move[] => {
    const { budget, isOpen, outcome, parked, parkedIn, canBeKept, carrier, turn } = order;
    const moves: Move[] = [];
    if (budget.cancels > 0 && outcome === 'CONFIRMED')
      moves.push(...beginning(spend(order, 'cancels'), begun('cancelOrder'), 'the customer cancels'));
    if (budget.resumes > 0 && parked > 0) {
      const resumed = spend(order, 'resumes');
      moves.push(...beginning(resumed, begun('resumeOrder', ''), 'the operator resumes'));
      if (budget.skips > 0 && (parkedIn === 'ParkUndo' || parkedIn === 'Recovery'))
        moves.push(
          ...beginning(
            spend(resumed, 'skips'),
            begun('resumeOrder', 'payment'),
            'the operator resumes, and has given the money back by hand',
          ),
        );
      if (canBeKept)
        moves.push(...beginning(resumed, begun('resumeOrder', 'keep'), 'the operator keeps the order'));
    }
    if (budget.departures > 0 && carrier === 'done')
      moves.push({ name: 'the parcel leaves', next: { ...spend(order, 'departures'), carrier: 'left' } });
    if (isOpen && budget.looks > 0)
      moves.push(...beginning(spend(order, 'looks'), begun('reconcileOrders', turn), 'the reconciler looks'));
    return moves;
  };

  /** What a pass of the reconciler comes to that nothing else moves beside. */
  const mended = (order: Order): Order => {
    let now = loosen(order, begun('reconcileOrders', order.turn));
    for (let actor = now.loose[0]; actor; actor = now.loose[0]) {
      const [move] = ofLoose({ ...now, budget: budgetOf({}) }, actor);
      if (!move) break;
      now = { ...move.next, budget: order.budget };
    }
    return now;
  };

  /** Nothing moves, and the reconciler finds nothing to do. */
  const isAtRest = (order: Order): boolean =>
    isQuiet(order) && (!order.isOpen || keyOf(mended(order)) === keyOf(order));

  return {
    moves: (order: Order): readonly Move[] => {
      const moves = [
        ...order.runs.flatMap((run) => ofRun(order, run)),
        ...[...new Set(order.loose)].flatMap((actor) => ofLoose(order, actor)),
        ...order.events.flatMap((event) => ofEvent(order, event)),
        ...ofOthers(order),
      ];
      if (isQuiet(order) && order.isOpen && order.budget.looks === 0 && !isAtRest(order))
        moves.push(
          ...beginning(
            order,
            begun('reconcileOrders', order.turn),
            'the reconciler looks, as nothing else moves',
          ),
        );
      return moves;
    },
    isAtRest,
  };
};

/** Handlers that a state waits for: left behind, nobody hears of them any more. */
const isTask = (program: string): boolean =>
  /^[A-Z]/.test(program) || program === 'parkOrder' || program === 'publish';
