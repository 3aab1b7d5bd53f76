import { startStackProcess } from '../../../local/stack-process.ts';
import type { Engine } from './engine.ts';

/** As `npm start` has it. */
const TIME_SCALE = 0.02;

/** By which the SDK finds the local AWS, as an operator. */
export const operatorAt = (awsEndpoint: string) => ({
  AWS_ENDPOINT_URL: awsEndpoint,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'operator',
  AWS_SECRET_ACCESS_KEY: 'local',
});

export const embedded: Engine = {
  summary: 'the local AWS of this repository, as `npm start` runs it',
  options: [],
  start: async () => {
    const stack = await startStackProcess({ args: ['--auth', '--time-scale', `${TIME_SCALE}`] });
    return {
      stage: 'dev',
      timeScale: TIME_SCALE,
      environment: operatorAt(stack.awsEndpoint),
      stop: stack.end,
    };
  },
};
