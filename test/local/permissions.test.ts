import { describe, expect, it } from '@jest/globals';
import { stateMachineOf } from '../../local/aws/iam/actions.ts';
import { permissions } from '../../local/aws/iam/permissions.ts';
import { checkFailureDestinations } from '../../local/aws/lambda/failure-destinations.ts';
import type { Resource } from '../../local/template.ts';

const policyOf = (...statements: readonly object[]): Resource => ({
  logicalId: 'Policy',
  type: 'AWS::IAM::Policy',
  properties: { Roles: ['R'], PolicyDocument: { Statement: statements } },
  ref: '',
  arn: '',
  assetPath: undefined,
});
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
});
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const table = arn('dynamodb', 'table/Orders');
const machine = arn('states', 'stateMachine:M');
const live = `${machine}:live`;

/** Whether a role with these statements may do that. */
const may = (statements: readonly object[], ...question: [string, string, Record<string, string[]>?]) => {
  const { check } = permissions([policyOf(...statements)]);
  const [action, resource] = question;
  try {
    check('R', ...question);
    return true;
  } catch (error) {
    expect((error as Error).message).toBe(`R is not authorized to perform ${action} on ${resource}`);
    return false;
  }
};

describe('a grant', () => {
  const statements = [allow(['dynamodb:GetItem', 'dynamodb:q*'], [table, `${table}/index/by?`])];
  it.each([
    ['dynamodb:GetItem', table, true],
    ['dynamodb:Query', `${table}/index/byA`, true],
    ['dynamodb:PutItem', table, false],
    ['dynamodb:Query', `${table}/index/byAB`, false],
    ['dynamodb:GetItem', arn('dynamodb', 'table/Other'), false],
  ])('%s on %s: %s', (action, on, allowed) => {
    expect(may(statements, action, on)).toBe(allowed);
  });

  it('on a table is none on its indexes', () => {
    expect(may([allow('dynamodb:Query', table)], 'dynamodb:Query', `${table}/index/open`)).toBe(false);
  });

  it('on a function is none on its versions', () => {
    const charge = arn('lambda', 'function:charge');
    expect(may([allow('lambda:InvokeFunction', charge)], 'lambda:InvokeFunction', `${charge}:1`)).toBe(false);
  });
});

describe('a grant to start a workflow by its alias', () => {
  const start = (statement: object, stateMachineArn: string) => {
    const { machineArn, context } = stateMachineOf(stateMachineArn);
    return may([statement], 'states:StartExecution', machineArn, context);
  };
  const byAlias = allow('states:StartExecution', machine, {
    'ForAnyValue:StringEquals': { 'states:StateMachineQualifier': ['live'] },
  });

  it('on the ARN of the alias allows nothing: AWS asks for the machine', () => {
    expect(start(allow('states:StartExecution', live), live)).toBe(false);
  });

  it('on the machine allows the alias, and with the qualifier that one alone', () => {
    expect(start(allow('states:StartExecution', machine), live)).toBe(true);
    expect(start(byAlias, live)).toBe(true);
    expect(start(byAlias, `${machine}:1`)).toBe(false);
    expect(start(byAlias, machine)).toBe(false);
  });
});

describe('a condition', () => {
  const holds = (condition: object, context: Record<string, string[]>) =>
    may([allow('states:StartExecution', machine, condition)], 'states:StartExecution', machine, context);
  const context = { Key: ['value'], Arn: ['arn:aws:s:r:1:a/b:c'] };

  it.each([
    ['StringEquals', { Key: 'value' }, true],
    ['StringEquals', { Key: ['other', 'value'] }, true],
    ['StringEquals', { key: 'value' }, true],
    ['StringEquals', { Key: 'val*' }, false],
    ['StringEquals', { Key: 'value', Missing: 'any' }, false],
    ['StringEqualsIfExists', { Missing: 'any' }, true],
    ['StringEqualsIfExists', { Key: 'other' }, false],
    ['StringLike', { Key: 'v*u?' }, true],
    ['StringLike', { Key: 'v?' }, false],
    ['ForAnyValue:StringEquals', { Key: ['value'] }, true],
    ['ForAnyValue:StringEquals', { Missing: ['value'] }, false],
    ['ForAnyValue:StringLike', { Key: ['v*'] }, true],
    ['ArnLike', { Arn: 'arn:aws:s:*:1:a/*' }, true],
    ['ArnLike', { Arn: 'arn:*:a/b:c' }, false],
    ['ArnEquals', { Arn: 'arn:aws:s:r:1:a/b:c' }, true],
  ])('%s %j: %s', (operator, keys, expected) => {
    expect(holds({ [operator]: keys }, context)).toBe(expected);
  });

  it('holds where all of its operators do', () => {
    const both = { StringEquals: { Key: 'value' }, StringLike: { Key: 'x*' } };
    expect(holds(both, context)).toBe(false);
  });
});

describe('what a function fails on', () => {
  const queue = arn('sqs', 'Letters');
  const config = {
    ...policyOf(),
    type: 'AWS::Lambda::EventInvokeConfig',
    properties: { FunctionName: 'f', DestinationConfig: { OnFailure: { Destination: queue } } },
  };
  const check = (...statements: readonly object[]) =>
    checkFailureDestinations([config], permissions([policyOf(...statements)]), () => 'R');

  it('is left in a queue that its role may send to, and in no other', () => {
    expect(() => check(allow('sqs:SendMessage', queue))).not.toThrow();
    expect(() => check(allow('sqs:ReceiveMessage', queue))).toThrow(
      `The destination ARN ${queue} is invalid: R is not authorized to perform sqs:SendMessage`,
    );
  });
});

describe('what of a policy cannot be told is an error that names it:', () => {
  it.each([
    ['a Deny', { ...allow('*', '*'), Effect: 'Deny' }, 'Deny'],
    ['a NotAction', { Effect: 'Allow', NotAction: 'a:b', Resource: '*' }, 'NotAction'],
    ['a variable', allow('dynamodb:GetItem', 'arn:${aws:username}'), '${aws:username}'],
    ['an operator', allow('a:b', '*', { DateLessThan: { Key: '2026' } }), 'DateLessThan'],
    ['an operator on every value', allow('a:b', '*', { 'ForAllValues:StringEquals': {} }), 'ForAllValues:'],
  ])('%s', (_, statement, named) => {
    expect(() => permissions([policyOf(statement)])).toThrow(/^Policy: .* is not emulated locally$/);
    expect(() => permissions([policyOf(statement)])).toThrow(named);
  });

  it('an action, or a resource, that AWS would not ask for', () => {
    const { check } = permissions([policyOf(allow('*', '*'))]);
    expect(() => check('R', 'states:Nap', machine)).toThrow('states:Nap is not asked for on');
    expect(() => check('R', 'states:StartExecution', live)).toThrow('is not asked for on');
  });
});
