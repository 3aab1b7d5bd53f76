import * as z from 'zod';
import { UsageError } from './command.ts';

/** An instant with its offset, one without, which is UTC's, or a date, which is the day's beginning in UTC. */
const Time = z.union([z.iso.datetime({ offset: true }), z.iso.datetime({ local: true }), z.iso.date()]);

/**
 * A time of the command line, in UTC unless it says otherwise (RFC 3339).
 * @param option its name
 * @throws UsageError naming the option
 */
export const timeOf = (option: string, text: string): string => {
  const { data } = Time.safeParse(text);
  if (!data) throw new UsageError(`--${option}: a time like 2026-11-22T20:00:00Z, or a date, not "${text}"`);
  // Without an offset JavaScript takes a time, though not a date, for one of the machine's own zone.
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(data) || !data.includes('T');
  return new Date(hasZone ? data : `${data}Z`).toISOString();
};
