import { type Draft, replaced } from './draft.ts';
import type { NewStep } from './step.ts';
import { todo } from './todo.ts';
import { done, saidBy, sentence } from './words.ts';

/** A row of a table, which the formatter lines up. */
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;

/** The diagram of the saga, with the step in it. */
const drawn = (file: string, text: string, step: NewStep): string => {
  const { state, undo, after, next, undoOfAfter, undoOfNext, refusal } = step;
  const edges = text
    .split('\n')
    .map((line) =>
      new RegExp(`^  ${next} -\\. (?!anything else).* \\.-> ${undoOfAfter}$`).test(line) ||
      new RegExp(`^  ${undoOfNext} -\\. .* \\.-> ${undoOfAfter}$`).test(line)
        ? line.replace(new RegExp(`${undoOfAfter}$`), undo.state)
        : line,
    )
    .join('\n');
  const own = `  ${state} -. ${saidBy(refusal)} .-> ${undoOfAfter}
  ${state} -. anything else .-> ${undo.state}
  ${undo.state} -. fails for long: noted .-> ${undoOfAfter}
`;
  const placed = replaced(file, edges, `${after} --> ${next}`, `${after} --> ${state} --> ${next}`);
  const chained = replaced(
    file,
    placed,
    `${undoOfNext} --> ${undoOfAfter}`,
    `${undoOfNext} --> ${undo.state} --> ${undoOfAfter}`,
  );
  return replaced(
    file,
    chained,
    '  PublishOrderConfirmed -. fails',
    `${own}  PublishOrderConfirmed -. fails`,
  );
};

const section = (step: NewStep): string => {
  const { name, undo, word, key, service, refusal, states } = step;
  return `### ${sentence(word)}

<!-- ${todo(name, 'what the step is for; and its place where the README draws the saga, and architecture.md names steps, services and ports.')} -->

\`${name}\` has the ${word} of an order ${done(step.verb)}, and \`${undo.name}\` takes that back. The ledger is that of the payments with \`${states.doing}\`, \`${states.done}\`, \`${states.refused}\`, \`${states.undoing}\`, \`${states.undone}\` (\`${key}_STATES\` in [\`lambdas/${service}/${service}.ts\`](../lambdas/${service}/${service}.ts)); \`${refusal}\` is its refusal.

`;
};

/** Where a reader looks for the step: the saga's diagram, a section of its own, its tables and its environment. */
export const writeDocs = ({ before, change }: Draft, step: NewStep): void => {
  const { name, undo, service, type, key, rows, rowsKey, states } = step;
  const saga = 'docs/saga.md';
  change(saga, (text) => drawn(saga, text, step));
  before(saga, '## Scenarios\n', section(step));

  const architecture = 'docs/architecture.md';
  const functions = `\`${name}\`, \`${undo.name}\``;
  const entries = [...Object.values(states), 'VOIDED'].map((state) => `\`${state}\``).join(', ');
  before(
    architecture,
    '| `ListenersDeliveries` ',
    row(
      `\`${type}${rows}\``,
      'PK `orderId`',
      `\`correlationId\`, \`state\` (${entries}), \`handle\`, \`result\` (\`receipt\`), \`reason\`, \`isShared\`, \`resolution\`, \`updatedAt\``,
      functions,
    ) +
      row(
        `\`${type}Sandbox${rows}\``,
        'PK `handle`',
        '`orderId`, `status` (`PREPARED`, `REFUSED`, `COMMITTED`, `CANCELLED`), `cancellationReason`',
        'the sandbox, in the same two functions',
      ),
  );
  before(
    architecture,
    '| `WorkflowEnv` ',
    row(
      `\`${type}Env\` (\`lambdas/${service}/${service}.ts\`)`,
      functions,
      `\`STAGE\`, \`${key}_SYSTEM\`, \`${rowsKey}_TABLE\`, \`SANDBOX_${key}_SYSTEM_TABLE\``,
    ),
  );
};
