import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { matcher, type Pattern } from '../../local/aws/events/event-pattern.ts';
import { openShop, type Shop } from '../../testbed/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const ask = async (target: string) => {
  const response = await fetch(shop.stack.awsEndpoint, {
    method: 'POST',
    headers: { 'x-amz-target': target },
    body: '{}',
  });
  return { status: response.status, text: await response.text() };
};

it.each([
  'constructor.ListTables',
  '__proto__.ListTables',
  'DynamoDB_20120810.constructor',
  'AWSStepFunctions.constructor',
  'AWSEvents.constructor',
  'AmazonSQS.toString',
])('%s is not emulated, though every object knows the name', async (target) => {
  await expect(ask(target)).resolves.toMatchObject({
    status: 501,
    text: expect.stringContaining('is not emulated locally'),
  });
});

it('no event pattern has an operator that is every object’s', () => {
  expect(() => matcher({ detail: [{ constructor: 'x' }] } as unknown as Pattern, 'rule R')).toThrow(
    'constructor is not emulated',
  );
});
