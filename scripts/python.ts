// What of our tools is Python: each in a virtual environment of its own, made when it is needed first.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const PINS = join(root, 'scripts/python-tools.txt');

/** @throws Error saying what was to be done, and what has kept it from being done */
const run = (what: string, command: string, args: readonly string[]): void => {
  const { status, error, stderr, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw new Error(`${what}: there is no ${command}; it takes Python 3.11 or newer`);
  if (status !== 0) throw new Error(`${what}: ${(stderr || stdout).trim().split('\n').at(-1)}`);
};

/**
 * Installs a tool, in the version that `scripts/python-tools.txt` pins, unless it is there.
 * @param requirement its name on PyPI, with its extras: `moto[stepfunctions]`
 * @param besides what it needs that it does not bring
 * @returns where its commands are, and the Python that runs it
 * @throws Error in one sentence: what is missing, of Python or of the network
 */
export const pythonTool = (
  requirement: string,
  ...besides: readonly string[]
): { readonly bin: string; readonly python: string } => {
  const directory = join(root, '.build/python', requirement.replace(/\[.*/, ''));
  const bin = join(directory, 'bin');
  const installed = join(directory, 'installed.txt');
  const pins = readFileSync(PINS, 'utf8');
  if (!existsSync(installed) || readFileSync(installed, 'utf8') !== pins) {
    console.log(`Installing ${requirement} from PyPI, once…`);
    rmSync(directory, { recursive: true, force: true });
    run(`${requirement} needs a virtual environment`, 'python3', ['-m', 'venv', directory]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--constraint', PINS];
    run(`${requirement} was not installed`, join(bin, 'python'), [...pip, requirement, ...besides]);
    writeFileSync(installed, pins);
  }
  return { bin, python: join(bin, 'python') };
};
