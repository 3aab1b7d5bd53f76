import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  ADAPTERS,
  environmentKey,
  needsOf,
  PORTS,
  type Port,
  sandboxTableKey,
} from '../../configuration/adapters.ts';
import { synthesize } from '../../local/assembly.ts';
import { type FunctionProperties, parseTemplate } from './templates.ts';

const live = PORTS.flatMap((port) =>
  Object.keys(ADAPTERS[port])
    .filter((name) => name !== 'sandbox')
    .map((name): [name: string, port: Port] => [name, port]),
);

interface Policy {
  readonly PolicyDocument: {
    readonly Statement: readonly {
      readonly Action: string | string[];
      readonly Resource: string | string[];
    }[];
  };
  readonly Roles: readonly string[];
}

describe.each(live)('with %s', (name, port) => {
  const opened = async () => {
    const { directory, stackName } = await synthesize(() => {}, { [port]: name });
    const stack = parseTemplate(join(directory, `${stackName}.template.json`));
    const functions = stack.ofType<FunctionProperties>('AWS::Lambda::Function');
    const variablesOf = (each: (typeof functions)[number]) => each.properties.Environment.Variables;
    const told = functions.filter((each) => variablesOf(each)[environmentKey(port)] !== undefined);
    return { stack, functions, variablesOf, told };
  };

  it('the functions of its port are told of it, no other is, and none of the sandbox', async () => {
    const { functions, variablesOf, told } = await opened();
    const { secrets, webhookSecrets, settings } = needsOf(port, name);
    expect(told.length).toBeGreaterThan(0);
    for (const each of told) {
      const variables = variablesOf(each);
      expect(variables[environmentKey(port)]).toBe(name);
      expect(variables[sandboxTableKey(port)]).toBeUndefined();
      for (const key of [...secrets, ...webhookSecrets, ...Object.keys(settings)])
        expect(variables[environmentKey(key)]).toEqual(expect.stringMatching(/./));
    }
    for (const each of functions.filter((other) => !told.includes(other)))
      for (const key of [...secrets, ...webhookSecrets])
        expect(variablesOf(each)[environmentKey(key)]).toBeUndefined();
  });

  it('they may read its secrets, and nobody else may', async () => {
    const { stack, variablesOf, told } = await opened();
    const arns = needsOf(port, name).secrets.map((key) => variablesOf(told[0] as never)[environmentKey(key)]);
    const readers = stack
      .ofType<Policy>('AWS::IAM::Policy')
      .flatMap(({ properties }) =>
        properties.PolicyDocument.Statement.some(
          ({ Action, Resource }) =>
            Action === 'secretsmanager:GetSecretValue' && [Resource].flat().some((arn) => arns.includes(arn)),
        )
          ? properties.Roles
          : [],
      );
    const roles = told.map(({ properties }) => properties.Role.split('/').at(-1));
    if (arns.length > 0) expect([...new Set(readers)].sort()).toEqual([...new Set(roles)].sort());
  });
});
