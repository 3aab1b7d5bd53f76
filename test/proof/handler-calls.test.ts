import { expect, it } from '@jest/globals';
import { recordScenarios } from '../../proof/record-scenarios.ts';
import { HANDLER_CALLS } from '../../proof/saga.ts';

it('faults strike at every call that a handler makes, and at no other', async () => {
  const recorded = await recordScenarios(['happy', 'cancelled by its customer']);
  const made: Record<string, number> = {};
  for (const { function: name, number } of [...recorded.values()].flat())
    made[name] = Math.max(made[name] ?? 0, number);
  const ofHandlers = Object.keys(HANDLER_CALLS).map((name) => [name, made[name]]);
  expect(Object.fromEntries(ofHandlers)).toEqual(HANDLER_CALLS);
});
