import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Where `cdk deploy` leaves what it has synthesized of a stage. */
export const assemblyOf = (stage: string): string => join(root, '.build/e2e', stage);

/** The commands of Node that runs us first: the app, and MiniStack's functions, run by whatever `node` is found. */
export const withOurNode = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...environment,
  PATH: [dirname(process.execPath), environment.PATH].join(':'),
});

export interface CdkRun {
  readonly status: number | null;
  /** All that it has said. */
  readonly output: string;
}

/** One call of the real CDK CLI (`npx cdk`), on an engine that stands for AWS. It asks nobody, and calls nobody else. */
export const cdk = (environment: NodeJS.ProcessEnv, ...args: readonly string[]): CdkRun => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/aws-cdk/bin/cdk'), ...args, '--no-notices', '--progress', 'events'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1_024 * 1_024,
      env: withOurNode({
        ...process.env,
        CDK_DISABLE_VERSION_CHECK: '1',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        NO_COLOR: '1',
        ...environment,
      }),
    },
  );
  return { status, output: `${stdout}${stderr}` };
};

/** Synthesizes a stage as `npx cdk deploy -c stage=STAGE` does, and deploys it. */
export const deploy = (environment: NodeJS.ProcessEnv, stage: string): CdkRun =>
  cdk(
    environment,
    'deploy',
    '-c',
    `stage=${stage}`,
    '--output',
    assemblyOf(stage),
    '--require-approval',
    'never',
  );

/** Deploys what was synthesized of a stage before. */
export const deployAgain = (environment: NodeJS.ProcessEnv, stage: string): CdkRun =>
  cdk(environment, 'deploy', '--app', assemblyOf(stage), '--require-approval', 'never');
