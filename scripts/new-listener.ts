import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isContract } from '../contracts/contracts.ts';
import { commandLine, wrongUsage } from './command-line.ts';
import {
  type HeardEvent,
  handlerText,
  type NewListener,
  STACK_END,
  stackTextWith,
  testText,
} from './listener-files.ts';
import { isKebab, pascal } from './names.ts';

const root = join(import.meta.dirname, '..');
const STACK = 'lib/events/order-listeners.ts';

const USAGE = `npm run new:listener -- <name> --on <Event>[,<Event>]

Makes a listener: its function, its test, and its line in the stack. Nothing that publishes an event is touched.

  <name>  what it does, in kebab case, two words or more: send-survey
  --on    the events that it hears: OrderConfirmed,OrderCancelled

exit codes: 0 written, 1 refused, 2 wrong usage`;

const refuse = (...problems: readonly string[]): never => {
  for (const problem of problems) console.error(problem);
  process.exit(1);
};

/** Every contract that a file of `events/` exports. */
const eventsThereAre = async (): Promise<HeardEvent[]> => {
  const files = globSync('*.ts', { cwd: join(root, 'events') }).sort();
  const exported = await Promise.all(
    files.map(async (file) => {
      const values: object = await import(join(root, 'events', file));
      return Object.entries(values)
        .filter(([, value]) => isContract(value))
        .map(([name]) => ({ name, file }));
    }),
  );
  return exported.flat();
};

/** The listener that is asked for. Ends the process where the command line is not one of ours. */
const asked = (): { name: string; on: string[] } => {
  const { values, positionals } = commandLine(USAGE, {
    options: { on: { type: 'string' } },
    allowPositionals: true,
  });
  const [name, ...more] = positionals;
  if (!name || !values.on || more.length > 0) return wrongUsage(USAGE, 'a name and its events are needed');
  return { name, on: [...new Set(values.on.split(','))] };
};

const problemsOf = (
  name: string,
  on: readonly string[],
  known: readonly HeardEvent[],
  stack: string,
): string[] => {
  const files = globSync([`lambdas/**/${name}.ts`, `test/lambdas/listeners/${name}.test.ts`], { cwd: root });
  return [
    ...(isKebab(name) ? [] : [`name: "${name}" is not kebab case, in two words or more, as send-survey is`]),
    ...files.map((file) => `name: there is ${file} already`),
    ...(files.length === 0 && stack.includes(`'${pascal(name)}'`)
      ? [`name: ${STACK} has something named ${pascal(name)}`]
      : []),
    ...on
      .filter((event) => !known.some((each) => each.name === event))
      .map((event) => `--on: "${event}" is no event; there are ${known.map((each) => each.name).join(', ')}`),
    ...(stack.endsWith(STACK_END)
      ? []
      : [`${STACK}: does not end with its constructor, where the line goes`]),
  ];
};

const { name, on } = asked();
const known = await eventsThereAre();
const stack = readFileSync(join(root, STACK), 'utf8');
const problems = problemsOf(name, on, known, stack);
if (problems.length > 0) refuse(...problems);

const listener: NewListener = {
  name,
  events: on.flatMap((each) => known.filter((event) => event.name === each)),
};
const handlerFile = `lambdas/listeners/${name}.ts`;
const testFile = `test/lambdas/listeners/${name}.test.ts`;
const texts = [
  [handlerFile, handlerText(listener)],
  [testFile, testText(listener)],
  [STACK, stackTextWith(stack, listener)],
] as const;
for (const [file, text] of texts) writeFileSync(join(root, file), text);
// It sorts the imports, and breaks what is too long.
const files = texts.map(([file]) => file);
const { status, stderr } = spawnSync(join(root, 'node_modules/.bin/biome'), ['check', '--write', ...files], {
  cwd: root,
  encoding: 'utf8',
});
if (status !== 0) refuse(stderr);

console.log(`wrote   ${handlerFile}
wrote   ${testFile}
changed ${STACK}

It works as it is: npm test. Next:
- put the effect into ${handlerFile}, and into its test what it must do
- a table, an adapter or a right of its own: docs/add-a-saga-step.md, "Add a listener"`);
