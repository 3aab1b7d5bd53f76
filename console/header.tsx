import { useState } from 'preact/hooks';
import { type Check, type CheckState, checksOf } from './checks.ts';
import type { Known } from './store.ts';
import { chooseTheme, currentTheme } from './theme.ts';

const SIGNS: Readonly<Record<CheckState, string>> = { ok: '✓', settling: '…', waiting: '!', broken: '✕' };
const WORDS: Readonly<Record<CheckState, string>> = {
  ok: 'holds',
  settling: 'settling',
  waiting: 'waits for a person',
  broken: 'is broken',
};

const CheckChip = ({ check: { name, state, says, problems } }: { check: Check }) => (
  <li class="check">
    <details name="checks">
      <summary class={`chip check-${state}`}>
        <span class="chip-sign" aria-hidden="true">
          {SIGNS[state]}
        </span>
        {name}
        <span class="unseen"> {WORDS[state]}</span>
      </summary>
      <div class="check-more">
        <p>{says}</p>
        {problems.length > 0 && (
          <ul>
            {problems.slice(0, 5).map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
      </div>
    </details>
  </li>
);

const Checks = ({ known: { worlds, products, underWay, listeners } }: { known: Known }) => {
  if (!worlds) return null;
  const deadLetters = listeners.reduce((total, each) => total + each.deadLetters, 0);
  return (
    <nav class="checks" aria-label="Invariants">
      <ul>
        {checksOf({ worlds, products, underWay, deadLetters }).map((check, place) => (
          <CheckChip key={place} check={check} />
        ))}
      </ul>
    </nav>
  );
};

const ThemeButton = () => {
  const [theme, setTheme] = useState(currentTheme());
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="quiet theme"
      onClick={() => {
        chooseTheme(other);
        setTheme(other);
      }}
    >
      <span aria-hidden="true">{other === 'light' ? '☀' : '☾'}</span>
      <span class="unseen">Switch to {other}</span>
    </button>
  );
};

export const Header = ({ known }: { known: Known }) => (
  <header class="header">
    <h1>
      <img src="/icon.svg" alt="" width="24" height="24" />
      order-saga
    </h1>
    <p class="tagline">
      local stack
      {known.timeScale !== 1 && (
        <span title="npm start -- --time-scale 1 for AWS's own"> · delays × {known.timeScale}</span>
      )}
    </p>
    <Checks known={known} />
    <ThemeButton />
  </header>
);
