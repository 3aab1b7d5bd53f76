import { expect, it } from '@jest/globals';
import type { Happening } from '../../local/faults/trace.ts';
import { conformance } from '../../proof/model/conformance.ts';

const ORDER = 'ord_0123456789abcdef0123456789';
const WRITTEN = {};
const REFUSED = { __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException' };

const call = (operation: string, request: object, answer: object = WRITTEN): Happening => ({
  kind: 'call',
  invocation: 'one',
  operation,
  request: request as Record<string, unknown>,
  answer: answer as Record<string, unknown>,
});
const began: Happening = {
  kind: 'began',
  invocation: 'one',
  function: 'ChargePayment',
  event: { orderId: ORDER },
};
const opened = (answer = WRITTEN) =>
  call(
    'PutItem',
    { TableName: 'PaymentPayments', Item: { orderId: { S: ORDER }, state: { S: 'CHARGING' } } },
    answer,
  );
const looked = call('GetItem', { TableName: 'PaymentPayments', Key: { orderId: { S: ORDER } } });
const prepared = call('PutItem', {
  TableName: 'PaymentSandboxCharges',
  Item: { intentId: { S: 'pi_1' }, orderId: { S: ORDER }, status: { S: 'PREPARED' } },
});
const committed = call('UpdateItem', {
  TableName: 'PaymentSandboxCharges',
  Key: { intentId: { S: 'pi_1' } },
  UpdateExpression: 'SET #status = :charged, chargedCents = amountCents',
});
const lookedAgain = call(
  'GetItem',
  { TableName: 'PaymentPayments', Key: { orderId: { S: ORDER } } },
  { Item: { orderId: { S: ORDER }, state: { S: 'CHARGING' } } },
);
const done = call('UpdateItem', {
  TableName: 'PaymentPayments',
  Key: { orderId: { S: ORDER } },
  ConditionExpression: '#state = :from',
  ExpressionAttributeValues: { ':from': { S: 'CHARGING' }, ':to': { S: 'CHARGED' } },
});
const shared = call('UpdateItem', {
  TableName: 'PaymentPayments',
  Key: { orderId: { S: ORDER } },
  ConditionExpression: '#state = :from',
  ExpressionAttributeValues: {
    ':from': { S: 'CHARGING' },
    ':to': { S: 'CHARGING' },
    ':isShared': { BOOL: true },
  },
});
const ended: Happening = { kind: 'ended', invocation: 'one' };

const problemOf = (...happenings: readonly Happening[]): string | undefined => {
  const model = conformance();
  for (const happening of happenings) model.see(happening);
  return model.problemOf(ORDER);
};

it('follows a charge from its preparation to its record', () => {
  expect(problemOf(began, looked, prepared, opened(), committed, done, ended)).toBeUndefined();
});

it('follows one whose first answer is lost: asked again it finds what it has written itself', () => {
  expect(
    problemOf(
      began,
      looked,
      prepared,
      opened(),
      opened(REFUSED),
      lookedAgain,
      shared,
      committed,
      done,
      ended,
    ),
  ).toBeUndefined();
});

it('refuses one that commits before it has its handle on record', () => {
  expect(problemOf(began, looked, prepared, committed, opened(), done, ended)).toMatch(
    'ChargePayment provider: commits: done, where the model has "payment: opens its entry as doing"',
  );
});

it('refuses one that ends before it has recorded what it has done', () => {
  expect(problemOf(began, looked, prepared, opened(), committed, ended)).toMatch(
    'ChargePayment has ended (done), where the model has not come to that',
  );
});

it('refuses a write that has held where the model has it refused', () => {
  expect(problemOf(began, done, ended)).toMatch('where the model has');
  expect(problemOf(began, looked, prepared, opened(), committed, done, opened())).toBeDefined();
});
