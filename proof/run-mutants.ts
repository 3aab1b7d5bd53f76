import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MUTANTS, type Mutant } from './mutants.ts';

const root = join(import.meta.dirname, '..');
/** What a run does not need, or gets as a link. */
const LEFT_OUT = ['node_modules', '.git', '.build', 'cdk.out', 'test'];
/** For two cores: while one mutant is built the other runs. */
const AT_ONCE = 2;

/** @throws Error naming the mutant whose text occurs not exactly once */
const check = ({ name, edits }: Mutant, directory: string): void => {
  for (const { file, find } of edits) {
    const times = readFileSync(join(directory, file), 'utf8').split(find).length - 1;
    if (times !== 1)
      throw new Error(`mutant ${name}: its text is ${times} times in ${file}, not once: ${find}`);
  }
};

const apply = ({ edits }: Mutant, directory: string): void => {
  for (const { file, find, replace } of edits) {
    const path = join(directory, file);
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace(find, () => replace),
    );
  }
};

const run = (directory: string, args: readonly string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    child.once('close', (code) => resolve({ code, output }));
  });

/** The first violation that the proof finds in a mutant; undefined if it finds none. */
const verdictOn = async (mutant: Mutant): Promise<string | undefined> => {
  const directory = mkdtempSync(join(tmpdir(), `order-saga-${mutant.name}-`));
  try {
    for (const each of readdirSync(root).filter((name) => !LEFT_OUT.includes(name)))
      cpSync(join(root, each), join(directory, each), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'dir');
    apply(mutant, directory);
    const built = await run(directory, ['local/assembly.ts']);
    if (built.code !== 0) throw new Error(`mutant ${mutant.name} does not build: ${built.output}`);
    const { families, about, isStrict, isAtStripe } = mutant;
    const choice = [
      ...['--bounded', '--family', families.join(',')],
      ...(about ? ['--about', about] : []),
      ...(isStrict ? ['--strict'] : []),
      ...(isAtStripe ? ['--payment', 'stripe'] : []),
    ];
    const proof = families.length > 0 ? [...choice, '--stop', '--lanes', '1'] : ['--deliveries', '30'];
    const { code, output } = await run(directory, ['proof/main.ts', ...proof]);
    const violation = /^VIOLATION (.*)$/m.exec(output)?.[1];
    if (code !== 0 && !violation) throw new Error(`mutant ${mutant.name} does not run: ${output}`);
    return violation;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/**
 * Breaks the project in each known way, on copies, and prints what the proof finds.
 * @param name only this one
 * @returns whether every mutant was noticed
 */
export const runMutants = async (name?: string): Promise<boolean> => {
  const waiting = MUTANTS.filter((mutant) => !name || mutant.name === name);
  if (waiting.length === 0) throw new Error(`there is no mutant ${name}`);
  // Before any is run, as a text that is gone is a mistake in the list.
  for (const mutant of waiting) check(mutant, root);
  const count = waiting.length;
  let survived = 0;
  const lane = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const violation = await verdictOn(mutant);
      if (!violation) survived += 1;
      console.log(
        violation ? `caught    ${mutant.name}: ${violation}` : `SURVIVED  ${mutant.name}: ${mutant.why}`,
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  console.log(`${count} mutants, ${count - survived} caught, ${survived} survived`);
  return survived === 0;
};
