import { useState } from 'preact/hooks';
import { Choice } from './choice.tsx';
import { money } from './format.ts';
import { orderRequest, type Paying, POSTAL_CODES } from './scenarios.ts';
import type { Store } from './store.ts';
import type { Product } from './worlds.ts';

interface Line {
  readonly sku: string;
  readonly quantity: number;
}

interface LineProps {
  readonly line: Line;
  readonly products: readonly Product[];
  readonly number: number;
  readonly onChange: (line: Line) => void;
  readonly onRemove: (() => void) | undefined;
}

const LineFields = ({ line, products, number, onChange, onRemove }: LineProps) => (
  <div class="line">
    <select
      aria-label={`Product of line ${number}`}
      value={line.sku}
      onChange={(event) => onChange({ ...line, sku: event.currentTarget.value })}
    >
      {products.map(({ sku, name, unitPriceCents, currency }) => (
        <option key={sku} value={sku}>
          {name}, {money(unitPriceCents, currency)}
        </option>
      ))}
    </select>
    <input
      aria-label={`Quantity of line ${number}`}
      type="number"
      min="1"
      max="99"
      required
      value={line.quantity}
      onInput={(event) => onChange({ ...line, quantity: event.currentTarget.valueAsNumber })}
    />
    <button
      type="button"
      class="quiet"
      aria-label={`Remove line ${number}`}
      disabled={!onRemove}
      onClick={() => onRemove?.()}
    >
      <span aria-hidden="true">✕</span>
    </button>
  </div>
);

/** Values and what they lead to. */
const Options = ({ of }: { of: Readonly<Record<string, string>> }) =>
  Object.entries(of).map(([key, text]) => (
    <option key={key} value={key}>
      {key}: {text}
    </option>
  ));

interface OrderFormProps {
  readonly products: readonly Product[];
  readonly paying: Paying;
  readonly store: Store;
}

export const OrderForm = ({ products, paying, store }: OrderFormProps) => {
  const [chosen, setLines] = useState<readonly Line[]>([]);
  const [paymentMethod, setPaymentMethod] = useState('pm_card_visa');
  const [postalCode, setPostalCode] = useState('10115');
  const first = products[0];
  if (!first) return null;

  const lines = chosen.length > 0 ? chosen : [{ sku: first.sku, quantity: 1 }];
  const totalCents = lines.reduce((total, { sku, quantity }) => {
    const price = products.find((product) => product.sku === sku)?.unitPriceCents ?? 0;
    return total + price * (quantity || 0);
  }, 0);
  const free = products.find(({ sku }) => !lines.some((line) => line.sku === sku));

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        store.place(orderRequest(lines, paymentMethod, postalCode));
      }}
    >
      {lines.map((line, index) => (
        <LineFields
          key={line.sku}
          line={line}
          number={index + 1}
          products={products.filter(
            ({ sku }) => sku === line.sku || !lines.some((other) => other.sku === sku),
          )}
          onChange={(changed) => setLines(lines.with(index, changed))}
          onRemove={lines.length > 1 ? () => setLines(lines.toSpliced(index, 1)) : undefined}
        />
      ))}
      <button
        type="button"
        class="quiet"
        disabled={!free}
        onClick={() => free && setLines([...lines, { sku: free.sku, quantity: 1 }])}
      >
        Add a line
      </button>
      <Choice label="Payment" value={paymentMethod} onChange={setPaymentMethod}>
        <Options of={paying.methods} />
      </Choice>
      <Choice label="Postal code" value={postalCode} onChange={setPostalCode}>
        <Options of={POSTAL_CODES} />
      </Choice>
      <button type="submit" class="main">
        Place it: {money(totalCents, first.currency)}
      </button>
    </form>
  );
};
