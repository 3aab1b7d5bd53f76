import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { KEPT, VOIDED } from '../lambdas/runtime/ledger.ts';
import { STEP_NAMES, type StepName } from '../saga/steps.ts';
import { commandLine, wrongUsage } from './command-line.ts';
import { camel, isKebab, pascal } from './names.ts';
import { writeStates } from './step-files/definition.ts';
import { writeDocs } from './step-files/docs.ts';
import { draftIn } from './step-files/draft.ts';
import { writeInfrastructure } from './step-files/infrastructure.ts';
import { writeService } from './step-files/lambdas.ts';
import { writeProof } from './step-files/proof.ts';
import { writeEntry } from './step-files/saga.ts';
import { type Asked, serviceOf, statesOf, stepOf, verbOf } from './step-files/step.ts';
import { writeTests } from './step-files/tests.ts';
import { todosIn } from './todos.ts';

const root = join(import.meta.dirname, '..');

const USAGE = `npm run new:step -- <name> --after <step> --undo <name> --refuses <Error>

Makes a step of the saga that works: its service with a sandbox, its undo, its states, its tests, its place in the
stack and in the proof. What only a person can choose is marked TODO(<name>), and a test fails as long as it is.

  <name>     what it does, in kebab case, a verb and what it is about: redeem-voucher
  --after    the step behind which it comes: reserve-inventory
  --undo     what takes it back, the same with another verb: restore-voucher
  --refuses  the business error by which it proves that it had no effect: VoucherUsedError

exit codes: 0 written, 1 refused, 2 wrong usage`;

const refuse = (...problems: readonly string[]): never => {
  for (const problem of problems) console.error(problem);
  process.exit(1);
};

/** What is asked for, unchecked. Ends the process where the command line is not one of ours. */
const asked = () => {
  const { values, positionals } = commandLine(USAGE, {
    options: { after: { type: 'string' }, undo: { type: 'string' }, refuses: { type: 'string' } },
    allowPositionals: true,
  });
  const [name, ...more] = positionals;
  const { after, undo, refuses } = values;
  if (!name || !after || !undo || !refuses || more.length > 0)
    return wrongUsage(USAGE, 'a name, the step before, the undo and the refusal are needed');
  return { name, undo, after: pascal(after), refusal: refuses };
};

const read = (file: string) => readFileSync(join(root, file), 'utf8');

const isWordOfTheLanguage = (name: string): boolean => {
  try {
    new Script(`'use strict'; let ${name};`);
    return false;
  } catch {
    return true;
  }
};

const nameProblems = (name: string, undo: string): string[] => {
  const kebab = [
    ['name', name],
    ['--undo', undo],
  ].flatMap(([option, each = '']) =>
    isKebab(each)
      ? []
      : [`${option}: "${each}" is not kebab case, in two words or more, as redeem-voucher is`],
  );
  if (kebab.length > 0) return kebab;
  const service = serviceOf(name);
  const taken = [name, undo].flatMap((each) => globSync(`lambdas/**/${each}.ts`, { cwd: root }));
  const hasFolder = existsSync(join(root, 'lambdas', service));
  const names = read('proof/model/order.ts') + read('lib/order-saga-stack.ts');
  const isTaken = names.includes(`readonly ${camel(service)}:`) || names.includes(`'${pascal(service)}'`);
  const states = [...Object.values(statesOf(verbOf(name), verbOf(undo))), VOIDED, KEPT];
  const twice = states.filter((state, index) => states.indexOf(state) !== index);
  return [
    ...(serviceOf(undo) === service && undo !== name
      ? []
      : [`--undo: "${undo}" is not ${name} with another verb, as restore-${service} is`]),
    ...(undo === name
      ? []
      : twice.map((state) => `name: a ledger says ${state} of something else; another verb`)),
    ...taken.map((file) => `name: there is ${file} already`),
    ...(hasFolder
      ? [`name: there is lambdas/${service} already; a second step of a service is made by hand`]
      : []),
    ...(isWordOfTheLanguage(camel(service)) ? [`name: "${service}" is a word of JavaScript`] : []),
    ...(isTaken && !hasFolder
      ? [`name: "${service}" has another meaning in the stack, or in proof/model/order.ts`]
      : []),
  ];
};

const errorProblems = (refusal: string, service: string): string[] => {
  if (!/^[A-Z][A-Za-z0-9]*Error$/.test(refusal))
    return [`--refuses: "${refusal}" is not named like an error, as VoucherUsedError is`];
  const known = globSync('lambdas/**/*.ts', { cwd: root }).find((file) =>
    read(file).includes(`class ${refusal} `),
  );
  return [
    ...(known ? [`--refuses: ${known} has an error of that name`] : []),
    ...(refusal === `${pascal(service)}UnavailableError`
      ? [`--refuses: ${refusal} is what is raised where the outside does not answer`]
      : []),
  ];
};

const placeProblems = (after: string): string[] => {
  if (!STEP_NAMES.includes(after as StepName))
    return [`--after: "${after}" is no step; there are ${STEP_NAMES.join(', ')}`];
  return after === STEP_NAMES.at(-1)
    ? [
        `--after: ${after} is the last step. One behind it is undone before it, and what has left may be kept: by hand, docs/add-a-saga-step.md, "A step behind the last"`,
      ]
    : [];
};

const { name, undo, after, refusal } = asked();
const problems = [
  ...nameProblems(name, undo),
  ...placeProblems(after),
  ...errorProblems(refusal, serviceOf(name)),
];
if (problems.length > 0) refuse(...problems);

const step = stepOf({ name, undo, after: after as StepName, refusal } satisfies Asked);
const draft = draftIn(root);
const misses = [
  writeEntry,
  writeStates,
  writeService,
  writeInfrastructure,
  writeTests,
  writeProof,
  writeDocs,
].flatMap((part) => {
  try {
    part(draft, step);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
});
if (misses.length > 0) refuse(...misses);
draft.write();

const run = (command: string, ...args: readonly string[]): void => {
  const { status, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) refuse(stderr);
};
const files = draft.files().map(({ file }) => file);
// It sorts the imports, breaks what is too long, and lines up tables.
run(join(root, 'node_modules/.bin/biome'), 'check', '--write', ...files);
// The API tells of the undo, and of why an order ends.
run(process.execPath, 'contracts/main.ts');

const left = todosIn(root)
  .filter((each) => each.step === name)
  .sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file));
const said = draft.files().map(({ file, isNew }) => `${isNew ? 'wrote  ' : 'changed'} ${file}`);
console.log(`${said.join('\n')}

It works as it is: npm start, and an order passes ${step.state}. What is left, each of which npm test fails by:
${left.map(({ file, line, text }) => `- ${file}:${line}: ${text}`).join('\n')}

More in docs/add-a-saga-step.md.`);
