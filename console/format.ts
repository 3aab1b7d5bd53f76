/** Minor units as people write them. */
export const money = (minorUnits: number, currency = 'EUR'): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(minorUnits / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
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
