import { globSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contracts, contractsIn } from '../../contracts/contracts.ts';
import { type JsonSchema, jsonSchemaOf } from '../../contracts/json-schema.ts';
import { publish } from '../../contracts/publish.ts';
import { keyOf } from '../../events/contract.ts';
import { schemaErrors } from './schema-errors.ts';

const root = join(import.meta.dirname, '../..');

/** Every field of an event, at any depth. */
const fieldsOf = (schema: JsonSchema, path = ''): (JsonSchema & { name: string; path: string })[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    { ...field, name, path: `${path}${name}` },
    ...fieldsOf(field.items ?? field, `${path}${name}.`),
  ]);

/** Names of what no event may carry: who must have it asks its owner. */
const PRIVATE =
  /address|street|line\d|city|postal|zip|country|mail|phone|birth|name$|payment|card|iban|account|token|secret|password/i;

const named = contracts.map((contract) => ({
  key: keyOf(contract),
  contract,
  schema: jsonSchemaOf(contract, 'draft-4'),
}));

it('the contracts are published: schemas, AsyncAPI document and page are up to date, and nothing breaks a consumer', () => {
  expect(publish(root, contracts, { check: true })).toEqual({ ok: true, lines: [] });
});

it('two contracts that are the same version of an event are refused, by name', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'contracts-'));
  const same = "{ type: 'OrderLost', version: 1, detail: {}, example: {} }";
  writeFileSync(join(directory, 'order-lost.ts'), `export const OrderLost = ${same};`);
  await expect(contractsIn(directory)).resolves.toHaveLength(1);
  writeFileSync(join(directory, 'order-mislaid.ts'), `export const OrderMislaid = ${same};`);
  await expect(contractsIn(directory)).rejects.toThrow('two contracts are OrderLost.v1');
});

describe.each(named)('the contract $key', ({ contract, schema }) => {
  const { type, example, owner } = contract;
  const fields = fieldsOf(schema.properties?.detail ?? {});

  it('has an example that meets it, for us and for a consumer', () => {
    expect(contract.detail.parse(example)).toEqual(example);
    expect(schemaErrors({ type, detail: example })).toEqual([]);
  });

  it('has an example under an id of its order, its type and its version', () => {
    const { orderId } = example.data as { orderId: string };
    const ofVersion = contract.version === 1 ? type : keyOf(contract);
    expect(`${example.metadata.eventId}#`).toMatch(new RegExp(`^${orderId}#${ofVersion}#`));
  });

  it('is published by someone who exists', () => {
    const places = [`statemachines/${owner}.asl.json`, `lambdas/**/${owner}.ts`];
    expect(places.flatMap((place) => globSync(place, { cwd: root }))).toHaveLength(1);
  });

  it('says what each field is, and in what an amount is measured', () => {
    expect(fields.filter(({ description }) => !description).map(({ path }) => path)).toEqual([]);
    const amounts = fields.filter(
      (field) => field.type === 'integer' || (field.type === 'number' && !field.enum),
    );
    expect(amounts.filter((field) => !field['x-unit']).map(({ path }) => path)).toEqual([]);
  });

  it('carries nothing private', () => {
    expect(fields.filter(({ name }) => PRIVATE.test(name)).map(({ path }) => path)).toEqual([]);
  });
});

it.each([
  'shippingAddress',
  'email',
  'paymentMethod',
  'taskToken',
  'customerName',
  'postalCode',
  'cardLast4',
])('a field %s would be found private', (name) => {
  expect(name).toMatch(PRIVATE);
});
