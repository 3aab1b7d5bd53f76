import { startStackProcess } from '../../../local/stack-process.ts';
import type { Engine } from './engine.ts';

/** As `npm start` has it. */
const TIME_SCALE = 0.02;

export const embedded: Engine = {
  summary: 'the local AWS of this repository, as `npm start` runs it',
  options: [],
  start: async () => {
    const stack = await startStackProcess({ args: ['--time-scale', `${TIME_SCALE}`] });
    return {
      stage: 'dev',
      timeScale: TIME_SCALE,
      environment: {
        AWS_ENDPOINT_URL: stack.awsEndpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'operator',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
      stop: stack.end,
    };
  },
};
