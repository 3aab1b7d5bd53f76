import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * `npm start` in a process of its own, on any free port.
 * @throws Error with what it said, where it does not come up
 */
export const startLocalStack = async (...args: readonly string[]) => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../local/start.ts'), '--port', '0', ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: string[] = [];
  child.stderr.on('data', (data) => said.push(String(data)));
  const url = await new Promise<string>((ready, died) => {
    child.once('exit', (code) => died(new Error(`the local stack exited with ${code}: ${said.join('')}`)));
    createInterface(child.stdout).on('line', (line) => {
      const found = /^Ready: (\S+)/.exec(line)?.[1];
      if (found) ready(found);
    });
  });
  return {
    url,
    close: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
};
