import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { configurationFrom } from '../../lib/stage.ts';
import { synthesize } from '../../local/assembly.ts';
import { devFunctions, type FunctionProperties, parseTemplate, shortName } from './templates.ts';

const { directory, stackName } = await synthesize(() => {}, { mailer: 'ses' });
const stack = parseTemplate(join(directory, `${stackName}.template.json`));
const functions = stack.ofType<FunctionProperties>('AWS::Lambda::Function');

it('the function that sends mail is told from whom, and by which configuration set; no other is', () => {
  const told = functions.filter(({ properties }) =>
    Object.keys(properties.Environment.Variables).some((key) => key.startsWith('MAIL')),
  );
  expect(told.map(({ properties }) => shortName(properties.FunctionName))).toEqual(['NotifyCustomer']);
  expect(told[0]?.properties.Environment.Variables).toMatchObject({
    MAILER: 'ses',
    MAIL_FROM: 'orders@shop.example',
    MAIL_CONFIGURATION_SET: 'orders',
  });
});

it('it may send as that sender, by that set, and nobody may send anything else', () => {
  interface Policy {
    readonly PolicyDocument: {
      readonly Statement: readonly { readonly Action: string | readonly string[] }[];
    };
    readonly Roles: readonly string[];
  }
  const senders = stack
    .ofType<Policy>('AWS::IAM::Policy')
    .flatMap(({ properties }) =>
      properties.PolicyDocument.Statement.filter(({ Action }) =>
        [Action].flat().some((action) => /^(ses:|\*)/.test(action)),
      ).map((statement) => ({ ...statement, roles: properties.Roles })),
    );
  const on = (resource: string) => `arn:aws:ses:us-east-1:000000000000:${resource}`;
  expect(senders).toEqual([
    {
      Effect: 'Allow',
      Action: 'ses:SendEmail',
      Resource: [
        on('configuration-set/orders'),
        on('identity/orders@shop.example'),
        on('identity/shop.example'),
      ],
      Condition: { StringEquals: { 'ses:FromAddress': 'orders@shop.example' } },
      roles: [expect.stringMatching(/NotifyCustomer/)],
    },
  ]);
});

it('there is no sandbox for mails, and all else is as it was', () => {
  const tables = stack.ofType('AWS::DynamoDB::Table').map(({ ref }) => ref);
  expect(tables).not.toContain('ListenersSandboxMailbox');
  expect(tables).toContain('PaymentSandboxCharges');
  expect(functions).toHaveLength(devFunctions.length);
});

it.each([
  [
    { mailer: 'ses' },
    'mailFrom: is missing beside mailer=ses; mailConfigurationSet: is missing beside mailer=ses',
  ],
  [
    { mailer: 'ses', mailFrom: 'Shop <orders@shop.example>', mailConfigurationSet: 'all orders' },
    'mailFrom: is not an e-mail address; mailConfigurationSet: is not the name of a configuration set: letters, digits, _ and -, at most 64',
  ],
  [{ mailFrom: 'orders@shop.example' }, 'mailFrom: is for -c mailer=ses'],
])('a configuration is refused that says too little or too much: %j', (context, message) => {
  expect(() => configurationFrom(context)).toThrow(`bad configuration: ${message}`);
});
