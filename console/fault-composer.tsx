import { useState } from 'preact/hooks';
import { Choice } from './choice.tsx';
import { attemptsOf } from './definition.ts';
import { LISTENER_FAULTS, type NewFault, type PendingFault, STATE_FAULTS } from './faults.ts';
import { plural, short } from './format.ts';
import { everyAttempt } from './scenarios.ts';
import type { Known, Store } from './store.ts';

/** Deliveries are tried three times. */
const EVERY_DELIVERY = 3;

const inWords = ({ state, listener, fault, orderId }: PendingFault) =>
  `${state ?? listener} ${STATE_FAULTS[fault] ?? LISTENER_FAULTS[fault] ?? fault}${orderId ? `, ${short(orderId)}` : ''}`;

const Pending = ({ faults, store }: { faults: readonly PendingFault[]; store: Store }) => {
  if (faults.length === 0) return null;
  const groups = [...Map.groupBy(faults, inWords)];
  return (
    <>
      <h3>Still to come</h3>
      <ul class="pending">
        {groups.map(([words, group]) => (
          <li key={words}>
            {words}
            {group.length > 1 && <span class="count">{group.length} times</span>}
          </li>
        ))}
      </ul>
      <button type="button" class="quiet" onClick={store.forgetFaults}>
        Forget them
      </button>
    </>
  );
};

/** Any fault at any state, and at any listener. */
export const FaultComposer = ({ known, store }: { known: Known; store: Store }) => {
  const { definition, listeners, faults } = known;
  const states = Object.entries(definition?.States ?? {})
    .filter(([, { Type }]) => Type === 'Task')
    .map(([name]) => name);
  const [where, setWhere] = useState('');
  const [fault, setFault] = useState('');
  const [always, setAlways] = useState(false);
  if (!definition) return null;

  const place = where || states[0] || '';
  const isState = states.includes(place);
  const kinds = isState ? STATE_FAULTS : LISTENER_FAULTS;
  const kind = fault in kinds ? fault : (Object.keys(kinds)[0] ?? '');
  const times = isState ? attemptsOf(definition, place) : EVERY_DELIVERY;
  const chosen = (): readonly NewFault[] => {
    if (isState) return always ? everyAttempt(definition, place, kind) : [{ state: place, fault: kind }];
    return [{ listener: place, fault: kind, ...(always && { times }) }];
  };

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        store.addFaults(chosen());
      }}
    >
      <Choice label="What" value={place} onChange={setWhere}>
        <optgroup label="States">
          {states.map((state) => (
            <option key={state}>{state}</option>
          ))}
        </optgroup>
        {listeners.length > 0 && (
          <optgroup label="Listeners">
            {listeners.map(({ listener }) => (
              <option key={listener}>{listener}</option>
            ))}
          </optgroup>
        )}
      </Choice>
      <Choice label="What happens" value={kind} onChange={setFault}>
        {Object.entries(kinds).map(([name, words]) => (
          <option key={name} value={name}>
            {words} ({name})
          </option>
        ))}
      </Choice>
      <label class="tick">
        <input
          type="checkbox"
          checked={always}
          disabled={times === 1}
          onChange={(event) => setAlways(event.currentTarget.checked)}
        />
        at every attempt ({plural(times, 'time')})
      </label>
      <button type="submit" class="main">
        Add this fault
      </button>
      <Pending faults={faults} store={store} />
    </form>
  );
};
