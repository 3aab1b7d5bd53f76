import { type Draft, replaced } from './draft.ts';
import type { NewStep } from './step.ts';
import { todo } from './todo.ts';
import { doing, done, saidBy, sentence } from './words.ts';

const STEPS = 'saga/steps.ts';

const entry = ({ name, state, verb, undo, word, refusal, unavailable }: NewStep): string => `
  // ${todo(name, 'the words of the shop, what the step takes, and what a customer reads.')}
  ${state}: {
    words: {
      done: '${word} ${done(verb)}',
      failed: 'the ${word} was not ${done(verb)}',
      doing: '${doing(verb)} the ${word}',
    },
    takes: ['items'],
    refusals: { ${refusal}: { message: '${sentence(saidBy(refusal))}.', isExpected: true } },
    unavailable: { ${unavailable}: 'The ${word} system could not be reached.' },
    undo: {
      name: '${undo.state}',
      words: {
        done: '${word} ${done(undo.verb)}',
        failed: 'the ${word} could not be ${done(undo.verb)}',
        doing: '${doing(undo.verb)} the ${word}',
      },
      hopeless: [],
      perhaps: '${word} ${done(undo.verb)}, if it was ${done(verb)}',
    },
  },`;

/** The entry of the step, in its place. */
export const writeEntry = ({ change }: Draft, step: NewStep): void =>
  change(STEPS, (text) =>
    replaced(STEPS, text, `\n  ${step.next}: {\n`, `${entry(step)}\n  ${step.next}: {\n`),
  );
