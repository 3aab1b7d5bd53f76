import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { machineOf } from '../../local/aws/step-functions/state-machine.ts';
import { parseFault } from '../../local/faults/faults.ts';
import { startStack } from '../../local/stack.ts';
import { ACCOUNT, type Resource, resolveTemplate } from '../../local/template.ts';

const resource = (type: string, properties: object): Resource => ({
  logicalId: 'Thing',
  type,
  properties: properties as Resource['properties'],
  ref: '',
  arn: '',
  assetPath: undefined,
});

describe('what cannot be run locally is an error that names it:', () => {
  it('a resource type', async () => {
    const template = { Resources: { Cache: { Type: 'AWS::ElastiCache::CacheCluster', Properties: {} } } };
    const assembly = { stackName: 'order-saga-dev', template, directory: '' };
    await expect(startStack({ assembly, products: [] })).rejects.toThrow(
      'Cache: AWS::ElastiCache::CacheCluster is not emulated locally',
    );
  });

  it('an intrinsic function, and a reference to nothing', () => {
    const withName = (Name: object) => ({
      Resources: { Bus: { Type: 'AWS::Events::EventBus', Properties: { Name } } },
    });
    expect(() => resolveTemplate(withName({ 'Fn::Cidr': [] }))).toThrow('Fn::Cidr is not known locally');
    expect(() => resolveTemplate(withName({ Ref: 'Nowhere' }))).toThrow('Nowhere');
  });

  it('a field or a resource of a state', () => {
    const machine = (state: object) =>
      resource('AWS::StepFunctions::StateMachine', {
        StateMachineName: 'M',
        RoleArn: 'role/R',
        DefinitionString: JSON.stringify({
          StartAt: 'A',
          States: { A: { Type: 'Task', End: true, ...state } },
        }),
      });
    const aFunction = 'arn:aws:lambda:us-east-1:000000000000:function:f';
    expect(() => machineOf(machine({ Resource: aFunction, HeartbeatSeconds: 5 }), 1)).toThrow(
      'HeartbeatSeconds of state A',
    );
    expect(() => machineOf(machine({ Resource: 'arn:aws:states:::sqs:sendMessage' }), 1)).toThrow(
      'sqs:sendMessage of state A',
    );
    expect(() => machineOf(machine({ Resource: aFunction, Next: 'B' }), 1)).toThrow('M is not valid');
  });
});

describe('a fault that is asked for', () => {
  it('is refused naming every bad field', () => {
    expect(() =>
      parseFault({ state: 'Nap', fault: 'boredom', attempt: 0, when: 'now' }, ['ChargePayment']),
    ).toThrow(
      /when: is not a known field; state: must be one of ChargePayment; fault: must be one of .*; attempt: must be/,
    );
  });

  it('hits the first attempt unless it says another', () => {
    expect(parseFault({ state: 'ChargePayment', fault: 'crash' }, ['ChargePayment'])).toMatchObject({
      attempt: 1,
    });
  });
});

it('docs/local.md has the ARNs that the local stack gives', () => {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/local.md'), 'utf8');
  const accounts = [...docs.matchAll(/arn:aws:[a-z]+:[a-z0-9-]*:(\d+):/g)].map(([, account]) => account);
  expect(new Set(accounts)).toEqual(new Set([ACCOUNT]));
});
