import { STEPS } from '../../saga/steps.ts';
import { type Draft, replaced } from './draft.ts';
import type { NewStep } from './step.ts';
import { todo } from './todo.ts';
import { saidBy } from './words.ts';

const effect = ({ state, code, type, key, rows }: NewStep): string => `
  ${code}: {
    step: '${state}',
    ledger: { table: '${type}${rows}', states: ${key}_STATES },
    book: {
      name: '${code}System',
      table: '${type}Sandbox${rows}',
      partitionKey: 'handle',
      stands: ({ status }) => status === 'COMMITTED',
      commits: (update) => update.startsWith('SET #status = :committed'),
      byHand: {
        UpdateExpression: 'SET #status = :cancelled',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':cancelled': { S: 'CANCELLED' } },
      },
    },
  },
`;

const rows = ({ code }: NewStep): string => `
  ${code}: {
    standing: { orderId: 'ord_1', status: 'COMMITTED' },
    takenBack: { orderId: 'ord_1', status: 'CANCELLED' },
  },
`;

/** How many calls of AWS each makes: the rest are of the ledger, which is read, and written before and after. */
const CALLS = { step: 3 + 2, undo: 3 + 1 };

/** How an order comes to the refusal, how many calls there are to fail, and what stands outside. */
export const writeProof = ({ before, change }: Draft, step: NewStep): void => {
  const { name, state, undo, next, service, key, refusal, pieces } = step;
  const sku = saidBy(refusal).replaceAll(' ', '-').toUpperCase();
  const wishes = 'testbed/wishes.ts';
  change(wishes, (text) => replaced(wishes, text, 'ON_SALE = {', `ON_SALE = { '${sku}': 100_000,`));
  before(
    wishes,
    `  ${Object.keys(STEPS[next].refusals)[0]}: [`,
    `  // ${todo(name, `what a customer asks for that comes to ${refusal}, as the sandbox has it.`)}
  ${refusal}: ['${saidBy(refusal)}', { items: [{ sku: '${sku}', quantity: ${pieces.refused} }] }],\n`,
  );
  before('proof/saga.ts', `  ${next}: `, `  ${state}: ${CALLS.step},\n`);
  before('proof/saga.ts', `  ${step.undoOfAfter}: `, `  ${undo.state}: ${CALLS.undo},\n`);
  const effects = 'proof/effects.ts';
  before(
    effects,
    'import type { StepName }',
    `import { ${key}_STATES } from '../lambdas/${service}/${service}.ts';\n`,
  );
  before(effects, '\n} as const satisfies Readonly<Record<string, LedgerEffect>>;', effect(step));
  before('test/proof/book-rows.ts', '\n} as const satisfies', rows(step));
};
