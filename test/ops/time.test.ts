import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../ops/command.ts';
import { timeOf } from '../../ops/time.ts';

describe('a time of the command line', () => {
  it.each([
    ['2026-11-22T20:00:00Z', '2026-11-22T20:00:00.000Z'],
    ['2026-11-22T20:00:00.5Z', '2026-11-22T20:00:00.500Z'],
    ['2026-11-22T20:00:00+02:00', '2026-11-22T18:00:00.000Z'],
    ['2026-11-22T20:00:00', '2026-11-22T20:00:00.000Z'],
    ['2026-11-22T20:00', '2026-11-22T20:00:00.000Z'],
    ['2026-11-22', '2026-11-22T00:00:00.000Z'],
  ])('%s is %s, whatever zone the machine is in', (text, time) => {
    const zone = process.env.TZ;
    process.env.TZ = 'America/New_York';
    try {
      expect(timeOf('from', text)).toBe(time);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it.each([
    '11/22/2026',
    '22.11.2026',
    'yesterday',
    '1763841600000',
    '2026-13-01',
    '2026-11-22T25:00:00Z',
    '',
  ])('that is %j is refused, by the name of its option', (text) => {
    expect(() => timeOf('from', text)).toThrow(UsageError);
    expect(() => timeOf('from', text)).toThrow('--from: ');
  });
});
