import { afterEach, expect, it } from '@jest/globals';
import { skewClock } from '../../local/faults/skewed-clock.ts';

const RealDate = Date;
afterEach(() => {
  globalThis.Date = RealDate;
});

it('is off for whoever asks what time it is, and for nobody else', () => {
  skewClock(() => 3_600_000);
  const ahead = (time: number) => Math.round((time - RealDate.now()) / 60_000);
  expect([ahead(Date.now()), ahead(Date.parse(new Date().toISOString())), ahead(Date.parse(Date()))]).toEqual(
    [60, 60, 60],
  );
  expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
  expect(Date.UTC(1970, 0)).toBe(0);
  expect(new Date()).toBeInstanceOf(Date);
});
