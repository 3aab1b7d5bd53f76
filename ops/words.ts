/** How things are written for people. */

/** Columns as wide as they need to be. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
};

/** `12 ms`, `4.2 s`, `1 min 27 s`, `3 h 2 min`, `2 days 5 h`. */
export const span = (ms: number): string => {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const hours = Math.floor(seconds / 3_600);
  if (hours < 24) return `${hours} h ${Math.floor(seconds / 60) % 60} min`;
  const days = Math.floor(hours / 24);
  return `${days} ${days === 1 ? 'day' : 'days'} ${hours % 24} h`;
};

/** Since an RFC 3339 time. */
export const since = (time: string, now: number): string => span(now - Date.parse(time));

/** `2026-11-22 20:48:00 UTC` */
export const clock = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;

/** Minor units of a currency: `EUR 13.50`. */
export const money = (minor: number, currency: string): string => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minor / 10 ** digits).replace(/\s/, ' ');
};
