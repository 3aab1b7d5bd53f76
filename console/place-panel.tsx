import { FaultComposer } from './fault-composer.tsx';
import { OrderForm } from './order-form.tsx';
import { SCENARIOS } from './scenarios.ts';
import { SIGNS } from './status.tsx';
import type { Known, Store } from './store.ts';

/** Every way to begin: a scenario, an order of one's own, a fault for the next one. */
export const PlacePanel = ({ known, store }: { known: Known; store: Store }) => {
  const { definition, products, paying } = known;
  return (
    <section class="panel place" aria-labelledby="place-title">
      <h2 id="place-title">Place an order</h2>
      <ul class="scenarios">
        {SCENARIOS.map(({ id, title, tells, tone, order, faults }) => (
          <li key={id}>
            <button
              type="button"
              class={`scenario tone-${tone}`}
              disabled={!definition || products.length === 0}
              onClick={() => definition && store.place(order(products, paying), faults(definition))}
            >
              <span class="scenario-sign" aria-hidden="true">
                {SIGNS[tone]}
              </span>
              <strong>{title}</strong>
              <small>{tells}</small>
            </button>
          </li>
        ))}
      </ul>
      <details class="fold">
        <summary>An order of your own</summary>
        <OrderForm products={products} paying={paying} store={store} />
      </details>
      <details class="fold">
        <summary>
          Break the next order
          {known.faults.length > 0 && <span class="count">{known.faults.length}</span>}
        </summary>
        <FaultComposer known={known} store={store} />
      </details>
    </section>
  );
};
