import { clock, money, short } from './format.ts';
import { Status } from './status.tsx';
import type { Known, Store } from './store.ts';

/** The orders, newest first. The open one is known better than the list, which hears of an end a moment later. */
export const OrdersPanel = ({ known, store }: { known: Known; store: Store }) => {
  const { orders, order, selected } = known;
  const listed = orders ?? [];
  const isNew = order && !listed.some(({ orderId }) => orderId === order.orderId);
  const all = isNew ? [order, ...listed] : listed;
  return (
    <section class="panel orders" aria-labelledby="orders-title">
      <h2 id="orders-title">Orders</h2>
      {orders && all.length === 0 && <p class="empty">None yet. Press “Happy”.</p>}
      <ul class="order-list">
        {all.map((each) => {
          const { orderId, status, totalCents, currency, placedAt } =
            each.orderId === order?.orderId ? order : each;
          return (
            <li key={orderId}>
              <button
                type="button"
                class="order-row"
                aria-current={orderId === selected}
                onClick={() => store.select(orderId)}
              >
                <code>{short(orderId)}</code>
                <span class="order-when">{clock(placedAt)}</span>
                <span class="order-total">{money(totalCents, currency)}</span>
                <Status status={status} />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
};
