import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { contracts } from '../../contracts/contracts.ts';
import { keyOf } from '../../events/contract.ts';
import { dev, root } from './templates.ts';

interface SchemaProperties {
  readonly RegistryName: string;
  readonly SchemaName: string;
  readonly Type: string;
  readonly Content: string;
}

const schemas = dev.ofType<SchemaProperties>('AWS::EventSchemas::Schema').map(({ properties }) => properties);

describe('the schema registry', () => {
  it('is the stage’s own', () => {
    const registries = dev.ofType<{ RegistryName: string }>('AWS::EventSchemas::Registry');
    expect(registries.map(({ properties }) => properties.RegistryName)).toEqual(['order-saga-dev']);
  });

  it('holds every version of every event', () => {
    const names = contracts.map(({ type, version }) => `order-saga@${type}-v${version}`);
    expect(schemas.map(({ SchemaName }) => SchemaName)).toEqual(names);
  });

  it.each(contracts.map((contract) => [keyOf(contract), contract] as const))(
    'holds what is published of %s',
    (key, { type, version }) => {
      const schema = schemas.find(({ SchemaName }) => SchemaName === `order-saga@${type}-v${version}`);
      expect(schema).toMatchObject({ RegistryName: 'order-saga-dev', Type: 'JSONSchemaDraft4' });
      expect(schema?.Content).toBe(readFileSync(join(root, `events/schemas/${key}.json`), 'utf8'));
    },
  );
});
