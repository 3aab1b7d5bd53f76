import { describe, expect, it } from '@jest/globals';
import { type Definition, enteredAt } from '../../lib/workflow/entered-at.ts';

/** `A` goes on to B, is caught by C; the choice D goes on to E by rule, to F by default. G is an island. */
const States: Readonly<Record<string, { Type: string } & Definition['States'][string]>> = {
  A: { Type: 'Task', Next: 'B', Catch: [{ Next: 'C' }] },
  B: { Type: 'Pass', Next: 'D' },
  C: { Type: 'Pass', Next: 'C2' },
  C2: { Type: 'Fail' },
  D: { Type: 'Choice', Choices: [{ Next: 'E' }], Default: 'F' },
  E: { Type: 'Pass', Next: 'B' },
  F: { Type: 'Succeed' },
  G: { Type: 'Pass', Next: 'A' },
};
const definition = { Comment: 'kept', StartAt: 'A', States };
const statesFrom = (start: string) => Object.keys(enteredAt(definition, start).States);

describe('a definition entered elsewhere', () => {
  it.each([
    ['Next', 'C', ['C', 'C2']],
    ['Choices, Default, and round a loop', 'D', ['B', 'D', 'E', 'F']],
    ['Catch', 'A', ['A', 'B', 'C', 'C2', 'D', 'E', 'F']],
    ['nothing', 'F', ['F']],
  ])('has the states that are reached by %s from %s, in their order', (_, start, states) => {
    expect(statesFrom(start)).toEqual(states);
  });

  it('starts there, and is the same otherwise', () => {
    const { B, D, E, F } = States;
    expect(enteredAt(definition, 'D')).toEqual({ Comment: 'kept', StartAt: 'D', States: { B, D, E, F } });
  });

  it('leaves what it was made from as it was', () => {
    const before = structuredClone(definition);
    enteredAt(definition, 'D');
    expect(definition).toEqual(before);
  });

  it('cannot be had from a state that is not there, nor through one', () => {
    expect(() => enteredAt(definition, 'Z')).toThrow('there is no state Z');
    const broken = { StartAt: 'A', States: { A: { Next: 'Nowhere' } } };
    expect(() => enteredAt(broken, 'A')).toThrow('there is no state Nowhere');
  });
});
