import type { OperatorsOrder } from '../api/answers/order.ts';
import { WAITS } from '../saga/steps.ts';
import { money } from './format.ts';
import { Graph } from './graph.tsx';
import { linkTo } from './next-action.ts';
import { pathOf } from './path.ts';
import { Status } from './status.tsx';
import type { Known, Store } from './store.ts';

const itemsOf = ({ items }: OperatorsOrder) =>
  items.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');

interface OrderProps {
  readonly known: Known;
  readonly order: OperatorsOrder;
  readonly store: Store;
}

const Actions = ({ known, order: { orderId, status, failure }, store }: OrderProps) => {
  const link = linkTo(known.nextAction, known.paying.authentication);
  return (
    <div class="actions">
      {link && (
        <a class="main tone-parked" href={link} target="_blank" rel="noreferrer">
          Authenticate
        </a>
      )}
      {status === 'NEEDS_ATTENTION' && (
        <button type="button" class="main tone-parked" onClick={() => store.resume(orderId)}>
          Resume
        </button>
      )}
      {failure?.parked?.error === 'ShipmentDispatchedError' && (
        <button type="button" class="quiet" onClick={() => store.keep(orderId)}>
          Keep
        </button>
      )}
      {status === 'CONFIRMED' && (
        <button type="button" class="quiet" onClick={() => store.cancel(orderId)}>
          Cancel order
        </button>
      )}
    </div>
  );
};

/** What of its events lies in the queues: who was not given what, and why. */
const undelivered = ({ timeline }: Known): string[] =>
  timeline
    .filter((entry) => entry.kind === 'delivery')
    .filter(({ outcome }) => outcome === 'dead-lettered')
    .map(({ name, detail: { type, error } }) => `${type} to ${name} (${error})`);

const Heading = ({ known, order, store }: OrderProps) => {
  const { erased, failure, review } = order;
  const lost = undelivered(known);
  const wait = WAITS.get(order.step ?? '');
  return (
    <>
      <div class="order-head">
        <h2 id="order-title">
          <span class="unseen">Order </span>
          <code>{order.orderId}</code>
        </h2>
        <Status status={order.status} />
        <Actions known={known} order={order} store={store} />
      </div>
      <p class="order-facts">
        <span>
          {itemsOf(order)}, <b>{money(order.totalCents, order.currency)}</b>
        </span>
        {wait && <span class="waits">It is {wait.words.doing}</span>}
        {failure && (
          <span class="failure">
            {failure.message} <code>{failure.error}</code>
          </span>
        )}
        {failure?.parked && (
          <span class="waits">
            Waits in {failure.parked.state}: <code>{failure.parked.error}</code>
          </span>
        )}
        {failure?.undone && failure.undone.length > 0 && <span>Undone: {failure.undone.join(', ')}</span>}
        {lost.length > 0 && <span class="failure">Not delivered: {lost.join(', ')}</span>}
        {erased && <span>Personal data erased</span>}
        {review && <span class="failure">To be looked at: {review.signals.join(', ')}</span>}
      </p>
    </>
  );
};

/** The chosen order, and the path it takes through the state machine. */
export const OrderPanel = ({ known, store }: { known: Known; store: Store }) => {
  const { order, definition, timeline } = known;
  return (
    <section class="panel order" id="order" aria-labelledby="order-title" tabIndex={-1}>
      {order ? (
        <Heading known={known} order={order} store={store} />
      ) : (
        <div class="order-head">
          <h2 id="order-title">The workflow</h2>
          <p class="empty">Place an order to see its path.</p>
        </div>
      )}
      {definition && <Graph definition={definition} path={pathOf(definition, timeline)} />}
    </section>
  );
};
