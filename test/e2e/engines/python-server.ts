import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pythonTool } from '../../../scripts/python.ts';

const LOGS = join(import.meta.dirname, '../../../.build/e2e');

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

export const lastLines = (text: string): string => text.trim().split('\n').slice(-15).join('\n');

interface ServerProps {
  /** As people call it. */
  readonly name: string;
  /** What is to be installed, @see pythonTool */
  readonly requirements: Parameters<typeof pythonTool>;
  /** In this folder. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Where it answers once it has started. */
  readonly health: string;
}

/**
 * A server that is Python, in a process of its own.
 * @throws Error with its last words, where it does not start
 */
export const startPythonServer = async ({
  name,
  requirements,
  script,
  args = [],
  env = process.env,
  health,
}: ServerProps): Promise<{ readonly stop: () => Promise<void> }> => {
  const { python } = pythonTool(...requirements);
  mkdirSync(LOGS, { recursive: true });
  const file = join(LOGS, `${name.toLowerCase()}.log`);
  // A file, and no pipe: nobody reads here while the tests run.
  const log = openSync(file, 'w');
  const server = spawn(python, [join(import.meta.dirname, script), ...args], {
    stdio: ['ignore', log, log],
    env,
  });
  while (!(await fetch(health).catch(() => undefined))) {
    if (server.exitCode !== null)
      throw new Error(`${name} does not start:\n${lastLines(readFileSync(file, 'utf8'))}`);
    await delay(100);
  }
  return {
    stop: async () => {
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    },
  };
};
