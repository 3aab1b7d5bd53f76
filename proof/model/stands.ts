import { partsOf, programOf } from './actor.ts';
import type { Operation } from './operations.ts';
import { type Program, programs } from './programs.ts';
import type { Rules } from './rules.ts';

/** Where a handler stands: before an operation, or at its end. */
export type Stand = { readonly operation: Operation } | { readonly result: string };

/** A program does the same upon the same answers, always: so each stand is found once. */
export const standsOf = (rules: Rules, recoveries?: number) => {
  const begin = programs(rules, recoveries) as Readonly<Record<string, (...input: string[]) => Program>>;
  const stands = new Map<string, Stand>();
  return (actor: string): Stand => {
    const known = stands.get(actor);
    if (known) return known;
    const { input, answers } = partsOf(actor);
    const program = begin[programOf(actor)]?.(...input);
    if (!program) throw new Error(`there is no program ${actor}`);
    let { done, value } = program.next();
    for (const answer of answers) ({ done, value } = program.next(answer));
    const found = done ? { result: value as string } : { operation: value as Operation };
    stands.set(actor, found);
    return found;
  };
};
