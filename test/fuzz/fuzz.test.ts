import { expect, it } from '@jest/globals';
import { fuzz } from './fuzz.ts';

it('300 requests, most of them bad, bring no 5xx, tell of no internals, and leave nothing that the API would refuse', async () => {
  const { statuses, stored, faults } = await fuzz(300, 1);
  expect(faults).toEqual([]);
  expect(stored).toBeGreaterThan(0);
  expect(statuses).toMatchObject({
    202: expect.any(Number),
    400: expect.any(Number),
    404: expect.any(Number),
  });
});
