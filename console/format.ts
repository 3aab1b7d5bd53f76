/** Minor units as people write them. */
export const money = (minorUnits: number, currency = 'EUR'): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(minorUnits / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};

/** Amounts of several currencies, added up by currency: `€25.00 + ¥1,000`. */
export const moneyIn = <Row extends { readonly currency?: string }>(
  rows: readonly Row[],
  minorUnits: (row: Row) => number,
): string => {
  const totals = new Map<string, number>();
  for (const row of rows) {
    // What has no currency was never charged.
    if (row.currency) totals.set(row.currency, (totals.get(row.currency) ?? 0) + minorUnits(row));
  }
  return [...totals].map(([currency, total]) => money(total, currency)).join(' + ') || money(0);
};

export const duration = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
};

export const clock = (at: string): string => new Date(at).toLocaleTimeString('en-GB');

/** An order's id as short as it can be told apart. */
export const short = (orderId: string): string => orderId.replace(/^ord_/, '').slice(0, 8);

export const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** PublishOrderCancelled: Publish, Order, Cancelled. */
export const words = (name: string): string[] => name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? [name];
