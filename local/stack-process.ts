import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { audienceOf } from '../api/audience.ts';

export interface StackProcessOptions {
  /** Options of `npm start`, besides the port. */
  readonly args?: readonly string[];
  /** Takes each line that it prints. */
  readonly onLine?: (line: string) => void;
  /** Where the project lies: a copy, or by default ours. */
  readonly root?: string;
}

/**
 * `npm start` in a process of its own, on any free port.
 * @throws Error with what it printed, if it does not come up
 */
export const startStackProcess = async ({
  args = [],
  onLine = () => {},
  root = join(import.meta.dirname, '..'),
}: StackProcessOptions = {}) => {
  const child = spawn(process.execPath, ['local/start.ts', '--port', '0', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const found = { url: '', operatorsUrl: '', awsEndpoint: '' };
  child.stderr.on('data', (data) => said.push(String(data)));
  await new Promise<void>((ready, died) => {
    child.once('exit', (code) => died(new Error(`the local stack exited with ${code}: ${said.join('')}`)));
    createInterface(child.stdout).on('line', (line) => {
      found.url ||= /^Ready: (\S+)/.exec(line)?.[1] ?? '';
      found.operatorsUrl ||= /^Operators: (\S+)/.exec(line)?.[1] ?? '';
      found.awsEndpoint ||= /^AWS endpoint .*: (http\S+)/.exec(line)?.[1] ?? '';
      if (Object.values(found).every(Boolean)) ready();
      onLine(line);
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  };
  return {
    ...found,
    /** The address of a path: of an operators' one on their API, of any other where the console is. */
    at: (path: string) => `${audienceOf(path) === 'operators' ? found.operatorsUrl : found.url}${path}`,
    /** As Ctrl-C would. */
    end: () => end('SIGTERM'),
    /** At once, as a crash would. */
    kill: () => end('SIGKILL'),
  };
};
export type StackProcess = Awaited<ReturnType<typeof startStackProcess>>;
