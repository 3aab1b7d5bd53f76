import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { cloudFormation } from '../../local/aws/cloudformation.ts';
import { serveHttp } from '../../local/http.ts';

const root = join(import.meta.dirname, '../..');

/** Nothing answers there. */
const NOWHERE = 'http://127.0.0.1:1';

const e2e = async (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const ran = spawn(process.execPath, [join(root, 'scripts/e2e.ts'), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...environment },
  });
  const exited = new Promise((resolve) => ran.once('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(ran.stdout), text(ran.stderr)]);
  return { status: await exited, stdout, stderr };
};
const aws = (AWS_ENDPOINT_URL: string) => ({
  AWS_ENDPOINT_URL,
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_MAX_ATTEMPTS: '1',
});

describe('npm run e2e', () => {
  it('names the engines that there are', async () => {
    const { status, stderr } = await e2e([]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^--engine: is none of embedded, ministack, /);
  });

  it('refuses an option of another engine', async () => {
    const { status, stderr } = await e2e(['--engine', 'embedded', '--stage', 'dev']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^--stage: is no option of the engine embedded$/m);
  });
});

describe('npm run e2e -- --engine aws', () => {
  it.each([
    [['--engine', 'aws'], 'which stage? --stage dev'],
    [['--engine', 'aws', '--stage', 'prod'], 'not on stage prod: an order placed there is a real one'],
  ])('%j is refused', async (args, message) => {
    await expect(e2e(args)).resolves.toEqual({ status: 1, stdout: '', stderr: `${message}\n` });
  });

  it('says so where the stage is not to be found', async () => {
    const { status, stderr } = await e2e(['--engine', 'aws', '--stage', 'dev'], aws(NOWHERE));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^stage dev is not to be found: .*ECONNREFUSED.*\n$/);
  });

  it('tells where it is going to do what, and does nothing where there is nobody to ask', async () => {
    const asked: string[] = [];
    const serve = cloudFormation({ stackName: 'order-saga-dev', outputs: () => ({}), authorize: () => {} });
    const server = await serveHttp(0, async ({ body }) => {
      asked.push(String(body));
      return serve(new URLSearchParams(String(body)), 'operator');
    });
    const { status, stdout, stderr } = await e2e(['--engine', 'aws', '--stage', 'dev'], aws(server.url));
    await server.close();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'nobody is there to ask: --yes goes without\n',
    });
    expect(stdout).toContain('On AWS, in account 000000000000, us-east-1, the stage dev is going to');
    expect(asked).toEqual([expect.stringContaining('Action=DescribeStacks')]);
  });
});
