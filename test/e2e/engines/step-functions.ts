import { startStackProcess } from '../../../local/stack-process.ts';
import { operatorAt } from './embedded.ts';
import type { Engine } from './engine.ts';
import { freePort, startPythonServer } from './python-server.ts';

/** The day that a parked order waits is 35 seconds: time for whoever resumes it, and for the one that nobody does. */
const TIME_SCALE = 0.0004;

/** Whoever brings an engine of their own has told it where to find Lambda and EventBridge. */
const OWN_AWS_PORT = 4566;

const startMoto = async (awsPort: number) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { stop } = await startPythonServer({
    name: 'moto',
    // `moto[server]` is twice the size, for services that are not asked for.
    requirements: ['moto[stepfunctions]', 'flask', 'flask-cors'],
    script: 'patched_moto.py',
    args: [`${port}`, `${awsPort}`],
    health: `${url}/moto-api/`,
  });
  return { url, stop };
};

export const stepFunctions: Engine = {
  summary: '`npm start`, its workflows on moto’s interpreter (needs Python 3.11), or on the engine at URL',
  usage: '[--endpoint URL] [--write-table]',
  options: ['endpoint', 'write-table'],
  folders: ['interpreters'],
  start: async ({ endpoint, 'write-table': writeTable }) => {
    const awsPort = endpoint ? OWN_AWS_PORT : await freePort();
    const engine = endpoint ? { url: `${endpoint}`, stop: async () => {} } : await startMoto(awsPort);
    const stack = await startStackProcess({
      args: [
        ...['--time-scale', `${TIME_SCALE}`],
        ...['--step-functions-endpoint', engine.url, '--aws-port', `${awsPort}`],
      ],
    }).catch(async (error) => {
      await engine.stop();
      throw error;
    });
    return {
      stage: 'dev',
      timeScale: TIME_SCALE,
      environment: {
        ...operatorAt(stack.awsEndpoint),
        ...(!endpoint && { E2E_TABLE: writeTable ? 'write' : 'check' }),
      },
      stop: async () => {
        await stack.end();
        await engine.stop();
      },
    };
  },
};
