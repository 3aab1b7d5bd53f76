import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StackProcess, startStackProcess } from '../../local/stack-process.ts';
import { stackTextWith } from '../../scripts/listener-files.ts';
import { type Copy, copyOfRepository } from './copy.ts';

const root = join(import.meta.dirname, '../..');

let copy: Copy;
const newListener = (...args: string[]) => copy.script('scripts/new-listener.ts', ...args);

beforeAll(() => {
  copy = copyOfRepository();
});
afterAll(() => copy.remove());

describe('npm run new:listener refuses', () => {
  it.each([
    ['no arguments', [], 2, 'npm run new:listener -- <name> --on <Event>'],
    ['an unknown option', ['send-survey', '--in', 'OrderConfirmed'], 2, "Unknown option '--in'"],
    [
      'a name that is not kebab case',
      ['SendSurvey', '--on', 'OrderConfirmed'],
      1,
      'name: "SendSurvey" is not kebab case',
    ],
    [
      'a listener that there is',
      ['log-event', '--on', 'OrderConfirmed'],
      1,
      'name: there is lambdas/listeners/log-event.ts already',
    ],
    [
      'a name that the stack has for something else',
      ['sandbox-mailbox', '--on', 'OrderConfirmed'],
      1,
      'name: lib/events/order-listeners.ts has something named SandboxMailbox',
    ],
    [
      'an event that is none',
      ['send-survey', '--on', 'OrderConfirmed,OrderShipped'],
      1,
      '--on: "OrderShipped" is no event; there are FraudSuspected, OrderCancelled, OrderConfirmed, OrderKept, OrderNeedsAttention',
    ],
  ])('%s, and writes nothing', async (_, args, expected, message) => {
    const before = copy.texts();
    const { code, stderr } = await newListener(...args);
    expect([code, stderr]).toEqual([expected, expect.stringContaining(message)]);
    expect(copy.texts()).toEqual(before);
  });
});

it('the stack gets the imports of the events that it lacks, and no other', () => {
  const events = [
    { name: 'OrderConfirmed', file: 'order-confirmed.ts' },
    { name: 'OrderShipped', file: 'order-shipped.ts' },
  ];
  const text = "import { OrderConfirmed } from '../events/order-confirmed.ts';\n{\n  {\n  }\n}\n";
  expect(stackTextWith(text, { name: 'send-survey', events }).trim().split('\n')).toEqual([
    "import { OrderShipped } from '../events/order-shipped.ts';",
    "import { OrderConfirmed } from '../events/order-confirmed.ts';",
    '{',
    '  {',
    '',
    "    listener('SendSurvey', { to: [OrderConfirmed, OrderShipped] });",
    '  }',
    '}',
  ]);
});

describe('npm run new:listener', () => {
  let stack: StackProcess | undefined;
  const lines: string[] = [];
  let before: Map<string, string>;
  let said = '';

  beforeAll(async () => {
    before = copy.texts();
    said = (await newListener('listener-of-this-test', '--on', 'OrderConfirmed')).stdout;
    await newListener('other-listener-of-this-test', '--on', 'OrderConfirmed,OrderCancelled');
  });
  afterAll(() => {
    return stack?.kill();
  });

  it('writes a function and its test, and changes the stack’s listeners: no file of a producer', () => {
    const after = copy.texts();
    expect([...after.keys()].filter((file) => after.get(file) !== before.get(file)).sort()).toEqual([
      'lambdas/listeners/listener-of-this-test.ts',
      'lambdas/listeners/other-listener-of-this-test.ts',
      'lib/events/order-listeners.ts',
      'test/lambdas/listeners/listener-of-this-test.test.ts',
      'test/lambdas/listeners/other-listener-of-this-test.test.ts',
    ]);
    const added = copy
      .read('lib/events/order-listeners.ts')
      .split('\n')
      .filter((line) => line && !before.get('lib/events/order-listeners.ts')?.includes(line));
    expect(added.map((line) => line.trim())).toEqual([
      "listener('ListenerOfThisTest', { to: [OrderConfirmed] });",
      "listener('OtherListenerOfThisTest', { to: [OrderConfirmed, OrderCancelled] });",
    ]);
    for (const file of ['lambdas/listeners/listener-of-this-test.ts', 'lib/events/order-listeners.ts'])
      expect(said).toContain(file);
  });

  it('leaves nothing to the formatter, the linter and the compiler', async () => {
    // Only these: the compiler takes long over the CDK, and the stack is built below.
    const generated = [...copy.texts().keys()].filter((file) => !before.has(file));
    writeFileSync(copy.path('new.json'), JSON.stringify({ extends: './tsconfig.json', include: generated }));
    const [lint, types] = await Promise.all([
      copy.run(
        'node_modules/.bin/biome',
        'ci',
        '--error-on-warnings',
        'lib/events/order-listeners.ts',
        ...generated,
      ),
      copy.run('node_modules/.bin/tsc', '--project', 'new.json'),
    ]);
    expect([lint.code, types.code, types.stdout]).toEqual([0, 0, '']);
  });

  it('makes a test that passes and fails with the effect, and needs no change of the tests there are', async () => {
    const broken = copy.path('lambdas/listeners/other-listener-of-this-test.ts');
    writeFileSync(broken, readFileSync(broken, 'utf8').replace('data.orderId', 'data.customerId'));
    const generated = ['listener-of-this-test', 'other-listener-of-this-test'].map(
      (name) => `test/lambdas/listeners/${name}.test.ts`,
    );
    const testResults = await copy.test(...generated, 'test/lib/permissions.test.ts');
    expect(Object.fromEntries(testResults.map(({ name, status }) => [basename(name), status]))).toEqual({
      'listener-of-this-test.test.ts': 'passed',
      'other-listener-of-this-test.test.ts': 'failed',
      'permissions.test.ts': 'passed',
    });
  }, 180_000);

  it('makes a listener that runs: its delivery is on record under the order’s correlation id', async () => {
    stack = await startStackProcess({
      root: copy.directory,
      args: ['--logs'],
      onLine: (line) => lines.push(line),
    });
    const { at } = stack;
    const placed = async () => {
      const answer = await fetch(at('/orders'), {
        method: 'POST',
        headers: { 'x-correlation-id': 'survey-1', 'idempotency-key': 'survey-1' },
        body: readFileSync(join(root, 'examples/order.json')),
      });
      return (await answer.json()) as { orderId?: string };
    };
    // On a busy machine a function's time may run out while it loads.
    let { orderId } = await placed();
    while (!orderId) ({ orderId } = await placed());
    const delivery = async () => {
      const answer = await fetch(at('/ops/deliveries/survey-1'));
      const { deliveries } = (await answer.json()) as { deliveries: { listener: string; status: string }[] };
      return deliveries.find(({ listener }) => listener === 'listener-of-this-test');
    };
    while ((await delivery())?.status !== 'DONE') await delay(50);
    expect(await delivery()).toMatchObject({ eventId: `${orderId}#OrderConfirmed`, attempts: 1 });
    const heard = lines.filter((line) => line.includes('"heard"')).map((line) => JSON.parse(line));
    expect(heard).toContainEqual(
      expect.objectContaining({ service: 'listener-of-this-test', orderId, correlationId: 'survey-1' }),
    );
  }, 180_000);
});
