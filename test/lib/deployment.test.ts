import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { assemblyDirectory, dev, devFunctions } from './templates.ts';

const { Resources } = JSON.parse(
  readFileSync(join(assemblyDirectory, 'order-saga-dev.template.json'), 'utf8'),
) as { Resources: Readonly<Record<string, object>> };

/** The names and attributes in a resource: those that are logical ids are what it refers to, or depends on. */
const wordsIn = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsIn) : [value];

/** What CloudFormation has deployed when it comes to a resource. */
const before = (logicalId: string, found = new Set<string>()): Set<string> => {
  for (const word of wordsIn(Resources[logicalId])) {
    if (typeof word !== 'string' || found.has(word) || !(word in Resources)) continue;
    found.add(word);
    before(word, found);
  }
  return found;
};

const aliasOf = (machine: string) => {
  const alias = dev
    .ofType('AWS::StepFunctions::StateMachineAlias')
    .find(({ arn }) => arn.endsWith(`:stateMachine:order-saga-dev-${machine}:live`));
  return alias?.logicalId ?? '';
};

it('orders enter a new saga when every function is deployed', () => {
  const deployed = before(aliasOf('OrderFulfillment'));
  expect(devFunctions.filter(({ logicalId }) => !deployed.has(logicalId))).toEqual([]);
});

it('a new continuation is there before whoever starts it, and so before a new saga', () => {
  const starters = devFunctions.filter(({ properties }) => properties.Environment.Variables.CONTINUATION_ARN);
  expect(starters.length).toBeGreaterThan(0);
  for (const { name, logicalId } of starters)
    expect([name, before(logicalId).has(aliasOf('OrderContinuation'))]).toEqual([name, true]);
});
