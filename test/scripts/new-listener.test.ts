import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StackProcess, startStackProcess } from '../../local/stack-process.ts';
import { stackTextWith } from '../../scripts/listener-files.ts';

const root = join(import.meta.dirname, '../..');
const { include: folders } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
const PARTS = [
  ...folders,
  'console',
  'statemachines',
  'biome.json',
  'cdk.json',
  'jest.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.gitignore',
];

/** A copy of the repository, to be written in. */
let copy: string;
const path = (file: string) => join(copy, file);
const read = (file: string) => readFileSync(path(file), 'utf8');
const texts = () =>
  new Map(globSync(`{${folders}}/**/*.{ts,json}`, { cwd: copy }).map((file) => [file, read(file)]));

const run = (command: string, ...args: string[]) =>
  new Promise<{ code: number | string; stdout: string; stderr: string }>((resolve) => {
    execFile(command, args, { cwd: copy, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
const newListener = (...args: string[]) => run(process.execPath, 'scripts/new-listener.ts', ...args);
const jest = [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'new-listener-'));
  for (const part of PARTS) cpSync(join(root, part), path(part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), path('node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true }));

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
    const before = texts();
    const { code, stderr } = await newListener(...args);
    expect([code, stderr]).toEqual([expected, expect.stringContaining(message)]);
    expect(texts()).toEqual(before);
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
    before = texts();
    said = (await newListener('listener-of-this-test', '--on', 'OrderConfirmed')).stdout;
    await newListener('other-listener-of-this-test', '--on', 'OrderConfirmed,OrderCancelled');
  });
  afterAll(() => {
    return stack?.kill();
  });

  it('writes a function and its test, and changes the stack’s listeners: no file of a producer', () => {
    const after = texts();
    expect([...after.keys()].filter((file) => after.get(file) !== before.get(file)).sort()).toEqual([
      'lambdas/listeners/listener-of-this-test.ts',
      'lambdas/listeners/other-listener-of-this-test.ts',
      'lib/events/order-listeners.ts',
      'test/lambdas/listeners/listener-of-this-test.test.ts',
      'test/lambdas/listeners/other-listener-of-this-test.test.ts',
    ]);
    const added = read('lib/events/order-listeners.ts')
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
    const generated = [...texts().keys()].filter((file) => !before.has(file));
    writeFileSync(path('new.json'), JSON.stringify({ extends: './tsconfig.json', include: generated }));
    const [lint, types] = await Promise.all([
      run(
        'node_modules/.bin/biome',
        'ci',
        '--error-on-warnings',
        'lib/events/order-listeners.ts',
        ...generated,
      ),
      run('node_modules/.bin/tsc', '--project', 'new.json'),
    ]);
    expect([lint.code, types.code, types.stdout]).toEqual([0, 0, '']);
  });

  it('makes a test that passes and fails with the effect, and needs no change of the tests there are', async () => {
    const broken = path('lambdas/listeners/other-listener-of-this-test.ts');
    writeFileSync(broken, readFileSync(broken, 'utf8').replace('data.orderId', 'data.customerId'));
    const generated = ['listener-of-this-test', 'other-listener-of-this-test'].map(
      (name) => `test/lambdas/listeners/${name}.test.ts`,
    );
    const { stdout } = await run(
      process.execPath,
      ...jest,
      '--json',
      ...generated,
      'test/lib/permissions.test.ts',
    );
    const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      testResults: { name: string; status: string }[];
    };
    expect(Object.fromEntries(testResults.map(({ name, status }) => [basename(name), status]))).toEqual({
      'listener-of-this-test.test.ts': 'passed',
      'other-listener-of-this-test.test.ts': 'failed',
      'permissions.test.ts': 'passed',
    });
  }, 180_000);

  it('makes a listener that runs: its delivery is on record under the order’s correlation id', async () => {
    stack = await startStackProcess({ root: copy, args: ['--logs'], onLine: (line) => lines.push(line) });
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
