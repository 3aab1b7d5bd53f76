import type { ComponentChildren } from 'preact';
import { money, moneyIn, short } from './format.ts';
import type { Known } from './store.ts';
import { type Charge, isOnItsWay, type Product, type Worlds } from './worlds.ts';

/** How much of a book is shown. */
const ROWS = 6;

interface BookProps<R> {
  readonly title: string;
  readonly figures: ComponentChildren;
  readonly columns: readonly string[];
  readonly rows: readonly R[];
  readonly orderOf: (row: R) => string;
  readonly cells: (row: R) => readonly ComponentChildren[];
  readonly selected: string | undefined;
}

/** A table of rows of orders: the open order's first. */
function Book<R>({ title, figures, columns, rows, orderOf, cells, selected }: BookProps<R>) {
  const mine = rows.filter((row) => orderOf(row) === selected);
  const others = rows.filter((row) => orderOf(row) !== selected);
  const shown = [...mine, ...others].slice(0, ROWS);
  return (
    <section class="world" aria-label={title}>
      <h3>{title}</h3>
      <p class="figures">{figures}</p>
      {shown.length > 0 && (
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr key={`${orderOf(row)} ${index}`} class={orderOf(row) === selected ? 'mine' : ''}>
                {cells(row).map((cell, column) => (
                  <td key={columns[column]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rows.length > ROWS && <p class="more">and {rows.length - ROWS} more</p>}
    </section>
  );
}

const Figure = ({ value, of }: { value: ComponentChildren; of: string }) => (
  <span class="figure">
    <b>{value}</b> {of}
  </span>
);

const Stock = ({ worlds, products }: { worlds: Worlds; products: readonly Product[] }) => {
  const held = (sku: string) =>
    worlds.reservations
      .filter(({ state }) => state === 'RESERVED')
      .flatMap(({ items }) => items)
      .filter((item) => item.sku === sku)
      .reduce((total, { quantity }) => total + quantity, 0);
  const rows = products
    .map(({ sku, name, available: first }) => ({
      sku,
      name,
      first,
      available: worlds.stock.find((row) => row.sku === sku)?.available ?? 0,
      held: held(sku),
    }))
    .sort((a, b) => b.held - a.held);
  const touched = rows.filter((row) => row.held > 0 || row.available !== row.first);
  return (
    <section class="world" aria-label="Stock">
      <h3>Stock</h3>
      <p class="figures">
        <Figure value={touched.reduce((total, row) => total + row.held, 0)} of="reserved or sold" />
        <Figure value={touched.reduce((total, row) => total + row.available, 0)} of="left of these" />
      </p>
      {touched.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Product</th>
              <th scope="col">Available</th>
              <th scope="col">Held</th>
              <th scope="col">At first</th>
            </tr>
          </thead>
          <tbody>
            {touched.slice(0, ROWS).map(({ sku, available, held: gone, first }) => (
              <tr key={sku}>
                <td>{sku}</td>
                <td>{available}</td>
                <td>{gone}</td>
                <td>{first}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
};

const newestFirst = (orders: Known['orders']) => {
  const places = new Map((orders ?? []).map(({ orderId }, index) => [orderId, index]));
  return (orderId: string) => places.get(orderId) ?? places.size;
};

/** What those outside have in their books: they do not know our workflow, and so show what has really happened. */
export const WorldsPanel = ({ known: { worlds, products, orders, selected } }: { known: Known }) => {
  if (!worlds) return null;
  const place = newestFirst(orders);
  const sorted = <R,>(rows: readonly R[], orderOf: (row: R) => string) =>
    [...rows].sort((a, b) => place(orderOf(a)) - place(orderOf(b)));
  const charges = worlds.charges.filter(({ chargedCents }) => chargedCents > 0);
  const parcels = worlds.parcels.filter(({ status }) => status !== 'PREPARED' && status !== 'REFUSED');
  const sum = (cents: (charge: Charge) => number) => moneyIn(charges, cents);
  return (
    <section class="panel worlds" aria-labelledby="worlds-title">
      <h2 id="worlds-title">The outside worlds</h2>
      <Book
        title="Money"
        figures={
          <>
            <Figure value={sum(({ chargedCents }) => chargedCents)} of="charged" />
            <Figure value={sum(({ refundedCents }) => refundedCents)} of="refunded" />
            <Figure
              value={sum(({ chargedCents, refundedCents }) => chargedCents - refundedCents)}
              of="kept"
            />
          </>
        }
        columns={['Order', 'Charged', 'Refunded']}
        rows={sorted(charges, ({ orderId }) => orderId)}
        orderOf={({ orderId }) => orderId}
        cells={({ orderId, currency, chargedCents, refundedCents }) => [
          <code key="order">{short(orderId)}</code>,
          money(chargedCents, currency),
          money(refundedCents, currency),
        ]}
        selected={selected}
      />
      <Stock worlds={worlds} products={products} />
      <Book
        title="Parcels"
        figures={
          <>
            <Figure value={parcels.filter(isOnItsWay).length} of="booked" />
            <Figure value={parcels.filter((parcel) => !isOnItsWay(parcel)).length} of="cancelled" />
          </>
        }
        columns={['Order', 'Status']}
        rows={sorted(parcels, ({ orderId }) => orderId)}
        orderOf={({ orderId }) => orderId}
        cells={({ orderId, status }) => [<code key="order">{short(orderId)}</code>, status]}
        selected={selected}
      />
      <Book
        title="Mailbox"
        figures={<Figure value={worlds.mailbox.length} of={worlds.mailbox.length === 1 ? 'mail' : 'mails'} />}
        columns={['Order', 'Mail']}
        rows={sorted(worlds.mailbox, ({ orderId }) => orderId)}
        orderOf={({ orderId }) => orderId}
        cells={({ orderId, subject }) => [<code key="order">{short(orderId)}</code>, subject]}
        selected={selected}
      />
    </section>
  );
};
