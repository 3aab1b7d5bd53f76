import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pythonTool } from '../../../scripts/python.ts';
import { type CdkRun, cdk, deploy, withOurNode } from './cdk.ts';
import type { Engine } from './engine.ts';

const TIME_SCALE = 0.02;
/** The root user's, whom MiniStack lets do anything. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
const LOG = join(import.meta.dirname, '../../../.build/e2e/ministack.log');

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
};

const lastLines = (text: string): string => text.trim().split('\n').slice(-15).join('\n');

/** MiniStack in a process of its own, which enforces IAM. */
const startServer = async (port: number): Promise<ChildProcess> => {
  const { python } = pythonTool('ministack');
  mkdirSync(join(LOG, '..'), { recursive: true });
  // A file, and no pipe: nobody reads here while the tests run.
  const log = openSync(LOG, 'w');
  const server = spawn(python, [join(import.meta.dirname, 'patched_ministack.py')], {
    stdio: ['ignore', log, log],
    env: withOurNode({
      PATH: process.env.PATH,
      ...CREDENTIALS,
      AUTH: 'true',
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: `${port}`,
      SFN_WAIT_SCALE: `${TIME_SCALE}`,
      LAMBDA_ASYNC_RETRY_BASE_SECONDS: `${60 * TIME_SCALE}`,
      IOT_MTLS_ENABLED: '0',
    }),
  });
  const health = `http://127.0.0.1:${port}/_ministack/health`;
  while (!(await fetch(health).catch(() => undefined))) {
    if (server.exitCode !== null)
      throw new Error(`MiniStack does not start:\n${lastLines(readFileSync(LOG, 'utf8'))}`);
    await delay(100);
  }
  return server;
};

/** @throws Error with the last words of what has failed */
const done = (what: string, { status, output }: CdkRun): void => {
  if (status !== 0) throw new Error(`${what} has failed:\n${lastLines(output)}`);
  console.log(`${what}: done`);
};

export const ministack: Engine = {
  summary: 'MiniStack, by the real `cdk deploy`, with IAM enforced; needs Python 3.11',
  options: [],
  folders: ['ministack'],
  start: async () => {
    const port = await freePort();
    const environment = {
      ...CREDENTIALS,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
    };
    const server = await startServer(port);
    const stop = async () => {
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    };
    try {
      done('cdk bootstrap', cdk(environment, 'bootstrap', 'aws://000000000000/us-east-1', '--app', ''));
      done('cdk deploy -c stage=dev', deploy(environment, 'dev'));
    } catch (error) {
      await stop();
      throw error;
    }
    return { stage: 'dev', timeScale: TIME_SCALE, environment, stop };
  },
};
