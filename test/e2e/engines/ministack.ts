import { type CdkRun, cdk, deploy, withOurNode } from './cdk.ts';
import type { Engine } from './engine.ts';
import { freePort, lastLines, startPythonServer } from './python-server.ts';

const TIME_SCALE = 0.02;
/** The root user's, whom MiniStack lets do anything. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** MiniStack in a process of its own, which enforces IAM. */
const startServer = (port: number) =>
  startPythonServer({
    name: 'MiniStack',
    // Without cryptography its user pools sign no token.
    requirements: ['ministack', 'cryptography'],
    script: 'patched_ministack.py',
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
    health: `http://127.0.0.1:${port}/_ministack/health`,
  });

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
    const { stop } = await startServer(port);
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
