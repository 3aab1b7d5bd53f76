import { useState } from 'preact/hooks';
import type { DeadLetter as Letter, DeadLetters as Listener } from '../api/answers/deliveries.ts';
import type { ParkedOrder } from '../api/answers/order.ts';
import { clock, plural, short } from './format.ts';
import type { Known, Store } from './store.ts';

const Parked = ({ parked, store }: { parked: readonly ParkedOrder[]; store: Store }) => (
  <>
    <h3>Waiting for a person</h3>
    {parked.length === 0 && <p class="empty">No order.</p>}
    <ul class="tasks">
      {parked.map(({ orderId, state, error, parkedAt }) => (
        <li key={orderId} class="tone-parked">
          <button type="button" class="link" onClick={() => store.select(orderId)}>
            <code>{short(orderId)}</code>
          </button>
          <span class="task-why">
            {state}: {error}, since {clock(parkedAt)}
          </span>
          <button
            type="button"
            class="quiet"
            aria-label={`Resume ${short(orderId)}`}
            onClick={() => store.resume(orderId)}
          >
            Resume
          </button>
        </li>
      ))}
    </ul>
  </>
);

const DeadLetter = ({ letter, store }: { letter: Letter; store: Store }) => {
  const { orderId, type, error, message } = letter;
  return (
    <li>
      {orderId && (
        <button type="button" class="link" onClick={() => store.select(orderId)}>
          <code>{short(orderId)}</code>
        </button>
      )}{' '}
      {type}: {error}
      {message && `: ${message}`}
    </li>
  );
};

const DeadLetters = ({ listeners, store }: { listeners: readonly Listener[]; store: Store }) => {
  const some = listeners.filter(({ deadLetters }) => deadLetters > 0);
  return (
    <>
      <h3>Dead letters</h3>
      {some.length === 0 && <p class="empty">None.</p>}
      <ul class="tasks">
        {some.map(({ listener, deadLetters, letters }) => (
          <li key={listener} class="tone-parked">
            <b>{listener}</b>
            <div class="task-why">
              {plural(deadLetters, 'event')} could not be delivered
              <ul>
                {letters.map((letter) => (
                  <DeadLetter key={`${letter.eventId} ${letter.error}`} letter={letter} store={store} />
                ))}
              </ul>
            </div>
            <button
              type="button"
              class="quiet"
              aria-label={`Redrive ${listener}`}
              onClick={() => store.redrive(listener)}
            >
              Redrive
            </button>
          </li>
        ))}
      </ul>
    </>
  );
};

const Replay = ({ listeners, store }: { listeners: readonly Listener[]; store: Store }) => {
  const [listener, setListener] = useState('');
  return (
    <>
      <h3>Replay</h3>
      <form
        class="replay"
        onSubmit={(event) => {
          event.preventDefault();
          store.replay(listener || undefined);
        }}
      >
        <label>
          The last hour, to{' '}
          <select value={listener} onChange={(event) => setListener(event.currentTarget.value)}>
            <option value="">every listener</option>
            {listeners.map((each) => (
              <option key={each.listener}>{each.listener}</option>
            ))}
          </select>
        </label>
        <button type="submit" class="quiet">
          Replay
        </button>
      </form>
    </>
  );
};

/** What an operator does: let a parked order go on, deliver again what was given up, replay what was published. */
export const OperationsPanel = ({ known: { parked, listeners }, store }: { known: Known; store: Store }) => (
  <section class="panel operations" aria-labelledby="operations-title">
    <h2 id="operations-title">Operations</h2>
    <Parked parked={parked} store={store} />
    {listeners.length > 0 && <DeadLetters listeners={listeners} store={store} />}
    {listeners.length > 0 && <Replay listeners={listeners} store={store} />}
  </section>
);
