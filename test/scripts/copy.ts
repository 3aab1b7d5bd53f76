import { execFile } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const { include: folders } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
const PARTS = [
  ...folders,
  'console',
  'docs',
  'statemachines',
  'biome.json',
  'cdk.json',
  'jest.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  '.gitignore',
];

/** A copy of the repository, for a script to write in. */
export const copyOfRepository = () => {
  const directory = mkdtempSync(join(tmpdir(), 'order-saga-copy-'));
  const path = (file: string) => join(directory, file);
  for (const part of PARTS) cpSync(join(root, part), path(part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), path('node_modules'));

  const run = (command: string, ...args: readonly string[]) =>
    new Promise<{ code: number | string; stdout: string; stderr: string }>((resolve) => {
      execFile(command, args, { cwd: directory, maxBuffer: 1e8 }, (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, stdout, stderr });
      });
    });
  const read = (file: string) => readFileSync(path(file), 'utf8');
  return {
    directory,
    path,
    read,
    run,
    /** Runs a script of the copy. */
    script: (file: string, ...args: readonly string[]) => run(process.execPath, file, ...args),
    /** Runs tests of the copy. @returns of each file how that went */
    test: async (...files: readonly string[]) => {
      const { stdout } = await run(
        process.execPath,
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
        '--json',
        ...files,
      );
      const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
        testResults: { name: string; status: string; message: string }[];
      };
      return testResults;
    },
    /** What every file says. */
    texts: () =>
      new Map(
        globSync(`{${[...folders, 'docs', 'statemachines']}}/**/*.{ts,json,md}`, { cwd: directory }).map(
          (file) => [file, read(file)],
        ),
      ),
    remove: () => rmSync(directory, { recursive: true }),
  };
};
export type Copy = ReturnType<typeof copyOfRepository>;
