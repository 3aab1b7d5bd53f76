import type { Draft } from './draft.ts';
import type { NewStep } from './step.ts';
import { saidBy } from './words.ts';

const stepTest = (step: NewStep): string => {
  const { name, undo, service, code, key, word, rows, refusal, states, pieces } = step;
  return `
import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import { ${refusal} } from '../../../lambdas/${service}/errors.ts';
import { handler as ${step.function} } from '../../../lambdas/${service}/${name}.ts';
import { handler as ${undo.function} } from '../../../lambdas/${service}/${undo.name}.ts';
import { ${code} } from '../../../lambdas/${service}/${service}.ts';
import { lambdaContext } from '../lambda-context.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const order = { orderId: 'ord_1', correlationId: 'corr-1' };
const input = { ...order, items: [{ sku: 'MUG-WHITE', quantity: 2 }] };
const refused = { items: [{ sku: 'MUG-WHITE', quantity: ${pieces.refused} }] };

const perform = (changes = {}) => ${step.function}({ ...input, ...changes }, lambdaContext);
const undo = (resolutions = {}) => ${undo.function}({ ...order, resolutions }, lambdaContext);
const byHand = { note: 'settled by hand', by: 'operator-1', at: '2026-01-15T09:40:00.000Z' };

let tables: TablesInMemory;
const entry = () => tables.row('${rows}', 'ord_1');
const book = () => tables.rowsOf('Sandbox${rows}');

beforeEach(() => {
  tables = tablesInMemory({ ${rows}: 'orderId', Sandbox${rows}: 'handle' });
});

describe('${name}', () => {
  it('has one effect, however often it is called', async () => {
    const first = await perform();
    await expect(perform()).resolves.toEqual(first);
    expect(book()).toMatchObject([{ orderId: 'ord_1', status: 'COMMITTED' }]);
    expect(entry()).toMatchObject({ state: '${states.done}', correlationId: 'corr-1', result: first });
  });

  it('that is still on its way when its undo is through has no effect', async () => {
    tables.beforeNextWrite(async () => {
      tables.beforeNextWrite(async () => {
        tables.beforeNextWrite(() => undo());
      });
    });
    await expect(perform()).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(entry()).toMatchObject({ state: '${states.undone}' });
    expect(book()).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it('does not start in prod with the sandbox for a ${word} system', () => {
    process.env.STAGE = 'prod';
    expect(${code}).toThrow('${key}_SYSTEM: ');
    process.env.STAGE = 'dev';
  });

  it('is refused for good', async () => {
    await expect(perform(refused)).rejects.toBeInstanceOf(${refusal});
    await expect(perform()).rejects.toBeInstanceOf(${refusal});
    expect(entry()).toMatchObject({ state: '${states.refused}', reason: '${saidBy(refusal)}' });
    expect(book()).toMatchObject([{ status: 'REFUSED' }]);
  });

  it('that crashed after its effect is settled by the same receipt', async () => {
    const first = await perform();
    tables.seed('${rows}', { ...entry(), state: '${states.doing}' });
    await expect(perform()).resolves.toEqual(first);
    expect(entry()).toMatchObject({ state: '${states.done}', result: first });
  });

  it.each([
    ['items', []],
    ['items.0.quantity', [{ sku: 'MUG-WHITE', quantity: 0 }]],
  ])('refuses an input with a bad %s, and does nothing', async (field, items) => {
    await expect(perform({ items })).rejects.toThrow(\`invalid input: \${field}: \`);
    expect(tables.writes()).toBe(0);
  });
});

describe('${undo.name}', () => {
  it('takes the effect back', async () => {
    await perform();
    await undo();
    await undo();
    expect(book()).toMatchObject([{ status: 'CANCELLED' }]);
    expect(entry()).toMatchObject({ state: '${states.undone}' });
  });

  it('of nothing fences the order: what comes late is refused', async () => {
    await undo();
    await expect(perform()).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(entry()).toMatchObject({ state: 'VOIDED' });
    expect(book()).toEqual([]);
  });

  it('of an attempt that left no outcome takes back what it had done', async () => {
    await perform();
    tables.seed('${rows}', { ...entry(), state: '${states.doing}' });
    await undo();
    expect(book()).toMatchObject([{ status: 'CANCELLED' }]);
    expect(entry()).toMatchObject({ state: '${states.undone}' });
  });

  it('that was settled by hand is recorded, and leaves the effect alone', async () => {
    await perform();
    await undo({ ${undo.state}: byHand });
    expect(entry()).toMatchObject({ state: '${states.undone}', resolution: byHand });
    expect(book()).toMatchObject([{ status: 'COMMITTED' }]);
  });

  it('is done where only another undo was settled by hand', async () => {
    await perform();
    await undo({ Another: byHand });
    expect(book()).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it('of what was refused touches neither ledger nor system', async () => {
    await perform(refused).catch(() => undefined);
    await undo();
    expect(entry()).toMatchObject({ state: '${states.refused}' });
    expect(book()).toMatchObject([{ status: 'REFUSED' }]);
  });
});
`;
};

const sandboxTest = (step: NewStep): string => {
  const { service, word, type, rows, refusal, unavailable, pieces } = step;
  return `
import { beforeEach, describe, expect, it } from '@jest/globals';
import { OrderAlreadyCancelledError } from '../../../lambdas/runtime/errors.ts';
import { ${unavailable}, ${refusal} } from '../../../lambdas/${service}/errors.ts';
import { sandbox${type}System } from '../../../lambdas/${service}/sandbox-${service}-system.ts';
import { type TablesInMemory, tablesInMemory } from '../tables-in-memory.ts';

const system = sandbox${type}System('Sandbox${rows}');

let tables: TablesInMemory;
beforeEach(() => {
  tables = tablesInMemory({ Sandbox${rows}: 'handle' });
});
const prepared = async (quantity = 2) => ({
  orderId: 'ord_1',
  handle: await system.prepare({ orderId: 'ord_1', items: [{ sku: 'MUG-WHITE', quantity }] }),
});
const book = () => tables.rowsOf('Sandbox${rows}');

describe('the sandbox ${word} system', () => {
  it('prepares what has no effect, another one each time', async () => {
    const [one, other] = [await prepared(), await prepared()];
    expect(one.handle).not.toBe(other.handle);
    expect(book()).toMatchObject(Array(2).fill({ orderId: 'ord_1', status: 'PREPARED' }));
  });

  it('refuses a line of ${pieces.refused} pieces, and says why', async () => {
    const asked = prepared(${pieces.refused});
    await expect(asked).rejects.toBeInstanceOf(${refusal});
    await expect(asked).rejects.toMatchObject({ reason: '${saidBy(refusal)}' });
    expect(book()).toMatchObject([{ status: 'REFUSED' }]);
  });

  it('does not answer for a line of ${pieces.unanswered} pieces', async () => {
    await expect(prepared(${pieces.unanswered})).rejects.toBeInstanceOf(${unavailable});
    expect(book()).toEqual([]);
  });

  it('makes real what was prepared, once, and answers a repeat with the first receipt', async () => {
    const one = await prepared();
    const first = await system.commit(one);
    expect(first).toEqual({ receipt: one.handle });
    await expect(system.commit(one)).resolves.toEqual(first);
    expect(book()).toMatchObject([{ status: 'COMMITTED' }]);
  });

  it('refuses what was undone first, or in between', async () => {
    const one = await prepared();
    tables.beforeNextWrite(() => system.undo(one));
    await expect(system.commit(one)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    await expect(system.commit(one)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(book()).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it('takes back what is real, as often as it is told', async () => {
    const one = await prepared();
    await system.commit(one);
    await system.undo(one);
    await system.undo(one);
    expect(book()).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it('leaves what is real where it is closed', async () => {
    const one = await prepared();
    await system.commit(one);
    await system.close(one);
    expect(book()).toMatchObject([{ status: 'COMMITTED' }]);
  });

  it('makes nothing real that was closed before', async () => {
    const one = await prepared();
    await system.close(one);
    await expect(system.commit(one)).rejects.toBeInstanceOf(OrderAlreadyCancelledError);
    expect(book()).toMatchObject([{ status: 'CANCELLED' }]);
  });

  it.each(['commit', 'undo', 'close'] as const)('passes on what is no refusal: %s', async (call) => {
    const one = await prepared();
    tables.beforeNextWrite(() => Promise.reject(new Error('book away')));
    await expect(system[call](one)).rejects.toThrow('book away');
  });
});
`;
};

/** The tests of the service, and what those that there are have to know of it. */
export const writeTests = ({ make, before }: Draft, step: NewStep): void => {
  const { name, state, undo, service, type, key, rows, rowsKey } = step;
  make(`test/lambdas/${service}/${name}.test.ts`, stepTest(step));
  make(`test/lambdas/${service}/sandbox-${service}-system.test.ts`, sandboxTest(step));
  const environment = 'test/environment.ts';
  before(environment, "  MAILER: 'sandbox',", `  ${key}_SYSTEM: 'sandbox',\n`);
  before(
    environment,
    "  ORDERS_TABLE: 'Orders',",
    `  ${rowsKey}_TABLE: '${rows}',\n  SANDBOX_${key}_SYSTEM_TABLE: 'Sandbox${rows}',\n`,
  );
  const [entries, book] = [`${type}${rows}`, `${type}Sandbox${rows}`];
  before(
    'test/lib/permissions.test.ts',
    '  PlaceOrder: {\n',
    `  ${state}: { ${entries}: READ_WRITE, ${book}: ['dynamodb:PutItem', 'dynamodb:UpdateItem'] },
  ${undo.state}: { ${entries}: READ_WRITE, ${book}: ['dynamodb:UpdateItem'] },\n`,
  );
};
