import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { contracts } from '../../contracts/contracts.ts';
import { keyOf } from '../../events/contract.ts';

const require = createRequire(import.meta.url);
const document = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/events/asyncapi.json'), 'utf8'),
);

const ajvWith = () => {
  const ajv = new Ajv({ allErrors: true, strict: false });
  formats.default(ajv);
  return ajv;
};
const isAsyncApi = ajvWith()
  .addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'))
  .compile(require('@asyncapi/specs/schemas/3.0.0-without-$id.json'));

describe('docs/events/asyncapi.json', () => {
  it('is valid by the schema of AsyncAPI 3.0', () => {
    isAsyncApi(document);
    expect(isAsyncApi.errors ?? []).toEqual([]);
  });

  it('would not be with a message that is nowhere, or an operation without an action', () => {
    const { OrderBus } = document.channels;
    expect(isAsyncApi({ ...document, channels: { OrderBus: { ...OrderBus, messages: 7 } } })).toBe(false);
    expect(isAsyncApi({ ...document, operations: { publish: { channel: OrderBus } } })).toBe(false);
  });

  it('has a message for every contract, sent by an operation', () => {
    const keys = contracts.map(keyOf);
    expect(Object.keys(document.components.messages)).toEqual(keys);
    expect(Object.keys(document.channels.OrderBus.messages)).toEqual(keys);
    expect(Object.keys(document.operations)).toEqual(keys);
  });

  it.each(contracts.map(keyOf))('shows an example of %s that meets its payload', (key) => {
    const { payload, examples } = document.components.messages[key];
    const validate = ajvWith().compile(payload);
    validate(examples[0].payload);
    expect(validate.errors ?? []).toEqual([]);
  });
});
