import * as z from 'zod';

/**
 * An instant (RFC 3339), whichever offset it was written with: engines other than AWS's write `+00:00` for `Z`. Once read
 * it is in UTC and in milliseconds, so that two of them compare as texts.
 */
export const Instant = z.iso
  .datetime({ offset: true, abort: true })
  .overwrite((text) => new Date(text).toISOString());
