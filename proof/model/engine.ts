import { begun } from './actor.ts';
import { begunAt, FAILED, failed, succeeded, taskOf } from './graph.ts';
import { type Order, type Run, withRun } from './order.ts';

export const loosen = (order: Order, actor: string): Order =>
  actor ? { ...order, loose: [...order.loose, actor].sort() } : order;

/** The task that a state is there for begins; its wait is numbered where somebody is to end it. */
const attended = (order: Order, run: Run): Order => {
  if (run.end) return withRun(order, run);
  const { publishes, waits } = taskOf(run.state);
  if (publishes) {
    // The event of a keeping tells which wait it has ended.
    const input = publishes === 'OrderKept' ? [publishes, order.seen] : [publishes];
    return withRun(order, { ...run, task: begun('publish', ...input) });
  }
  if (!waits) return withRun(order, { ...run, task: begun(run.state, run.word) });
  const wait = order.waits + 1;
  const canBeKept = run.state === 'ParkUndo' && run.flaw === 'ShipmentDispatchedError' && run.word === '';
  const task = begun('parkOrder', wait, run.state, canBeKept ? 'kept or undone' : '');
  return withRun({ ...order, waits: wait }, { ...run, wait, task });
};

/** An execution ends as it should not, and Step Functions says so. */
export const broken = (order: Order, run: Run): Order => {
  const at = order.waits + 1;
  return withRun({ ...order, waits: at }, { ...run, task: '', wait: at, end: 'ABNORMAL', isNews: true });
};

export const started = (
  order: Order,
  name: string,
  from: string,
  data: Pick<Run, 'word' | 'wasConfirmed'>,
): Order => {
  const run: Run = {
    name,
    from,
    state: '',
    end: '',
    task: '',
    wait: 0,
    flaw: '',
    ...data,
    isNews: false,
  };
  const there = { ...order, runs: [...order.runs, run] };
  return attended(there, begunAt(run));
};

export const goneOn = (order: Order, run: Run): Order => attended(order, succeeded(run));

export const triedAgain = (order: Order, run: Run): Order => attended(order, { ...run, task: '', wait: 0 });

export const failedWith = (order: Order, run: Run, error = FAILED): Order => {
  const next = failed(run, error);
  return next ? attended(order, next) : broken(order, run);
};
