import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { synthesize } from '../../local/assembly.ts';
import { devFunctions, type FunctionProperties, parseTemplate, shortName } from './templates.ts';

const { directory, stackName } = await synthesize(() => {}, { paymentProvider: 'stripe' });
const stack = parseTemplate(join(directory, `${stackName}.template.json`));
const functions = stack.ofType<FunctionProperties>('AWS::Lambda::Function');
const SECRET_OF = (name: string) =>
  new RegExp(`^arn:aws:secretsmanager:us-east-1:000000000000:secret:order-saga/${name}-\\w{6}$`);
const SECRET = SECRET_OF('stripe');

const WEBHOOK_SECRET = SECRET_OF('stripe-webhook');
const PAYS = ['ChargePayment', 'AwaitPayment', 'CheckPayment', 'PaymentWebhook', 'RefundPayment'];

it('the functions that pay are told where the key is, and no other is', () => {
  for (const { properties } of functions) {
    const { PAYMENT_PROVIDER, STRIPE_SECRET } = properties.Environment.Variables;
    const pays = PAYS.includes(shortName(properties.FunctionName));
    expect([properties.FunctionName, PAYMENT_PROVIDER, SECRET.test(STRIPE_SECRET ?? '')]).toEqual([
      properties.FunctionName,
      pays ? 'stripe' : undefined,
      pays,
    ]);
  }
});

it('the functions that pay may read that secret, the webhook the one that signs, and nobody another', () => {
  interface Policy {
    readonly PolicyDocument: {
      readonly Statement: readonly {
        readonly Action: string | readonly string[];
        readonly Resource: string | readonly string[];
      }[];
    };
    readonly Roles: readonly string[];
  }
  const readers = stack
    .ofType<Policy>('AWS::IAM::Policy')
    .flatMap(({ properties }) =>
      properties.PolicyDocument.Statement.filter(({ Action }) =>
        [Action].flat().some((action) => action.startsWith('secretsmanager:')),
      ).map(({ Action, Resource }) => ({ Action, Resource })),
    );
  expect(readers).toEqual(
    PAYS.map((name) => ({
      Action: 'secretsmanager:GetSecretValue',
      Resource:
        name === 'PaymentWebhook'
          ? [expect.stringMatching(SECRET), expect.stringMatching(WEBHOOK_SECRET)]
          : expect.stringMatching(SECRET),
    })),
  );
});

it('there is no sandbox for payments, and all else is as it was', () => {
  const tables = stack.ofType('AWS::DynamoDB::Table').map(({ ref }) => ref);
  expect(tables).not.toContain('PaymentSandboxCharges');
  expect(tables).toContain('ShipmentSandboxParcels');
  expect(functions).toHaveLength(devFunctions.length);
});
