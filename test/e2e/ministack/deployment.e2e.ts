import {
  CloudFormationClient,
  DescribeStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateArchiveCommand, DeleteArchiveCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it } from '@jest/globals';
import { outputsOf } from '../../../ops/stage.ts';
import { assemblyOf, type CdkRun, cdk, deploy, deployAgain } from '../engines/cdk.ts';
import { leftOf } from './account.ts';

const cloudFormation = new CloudFormationClient();
const events = new EventBridgeClient();

/** Has the command done what it was to do? If not, what it has said tells why. */
const expectDone = ({ status, output }: CdkRun): string => {
  if (status !== 0) throw new Error(output);
  return output;
};
const destroy = (stage: string) => cdk({}, 'destroy', '--app', assemblyOf(stage), '--force');

describe('stage dev, once it is deployed,', () => {
  it('is not changed by a second deployment', () => {
    expect(expectDone(deployAgain({}, 'dev'))).toContain('order-saga-dev (no changes)');
  });

  it('does not differ from its template', () => {
    const output = expectDone(cdk({}, 'diff', '--app', assemblyOf('dev'), '--fail'));
    expect(output).toContain('Number of stacks with differences: 0');
  });

  it('lets nobody in who shows no token, or does not sign', async () => {
    const output = await outputsOf(cloudFormation, 'dev');
    expect((await fetch(`${output('ApiUrl')}/orders`)).status).toBe(401);
    expect((await fetch(`${output('OperatorsApiUrl')}/ops/orders`)).status).toBe(403);
  });

  it('leaves nothing when it is destroyed', async () => {
    expect(Object.keys(await leftOf('dev'))).toEqual(
      expect.arrayContaining(['tables', 'workflows', 'buses', 'rules', 'archives', 'queues', 'functions']),
    );
    expectDone(destroy('dev'));
    await expect(leftOf('dev')).resolves.toEqual({});
  });
});

describe('stage staging, which is protected,', () => {
  const ArchiveName = 'order-saga-staging-events';
  const statusOf = async () => {
    const { Stacks } = await cloudFormation.send(
      new DescribeStacksCommand({ StackName: 'order-saga-staging' }),
    );
    return Stacks?.[0]?.StackStatus;
  };
  const unprotect = () =>
    cloudFormation.send(
      new UpdateTerminationProtectionCommand({
        StackName: 'order-saga-staging',
        EnableTerminationProtection: false,
      }),
    );

  it('is not deployed where somebody else has one of its names', async () => {
    await events.send(
      new CreateArchiveCommand({
        ArchiveName,
        EventSourceArn: 'arn:aws:events:us-east-1:000000000000:event-bus/default',
      }),
    );
    const { status, output } = deploy({}, 'staging');
    expect(status).not.toBe(0);
    expect(output).toContain(`Archive ${ArchiveName} already exists`);
    expect(await statusOf()).toMatch(/^ROLLBACK_(COMPLETE|FAILED)$/);
  });

  it('is deployed after that, as docs/operating.md says', async () => {
    await events.send(new DeleteArchiveCommand({ ArchiveName }));
    await unprotect();
    expectDone(deployAgain({}, 'staging'));
    expect(await statusOf()).toBe('CREATE_COMPLETE');
    const output = expectDone(deployAgain({}, 'staging'));
    expect(output).toContain('order-saga-staging (no changes)');
  });

  it('is not destroyed before its protection is lifted, and leaves its tables and logs', async () => {
    const refused = destroy('staging');
    expect(refused.status).not.toBe(0);
    await unprotect();
    expectDone(destroy('staging'));
    const left = await leftOf('staging');
    expect(Object.keys(left).sort()).toEqual(['logGroups', 'tables']);
  });
});
