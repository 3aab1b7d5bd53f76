import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import Ajv04 from 'ajv-draft-04';
import formats from 'ajv-formats';
import { keyOf, SOURCE } from '../../events/contract.ts';

const schemas = join(import.meta.dirname, '../../events/schemas');
const ajv = new Ajv04.default({ allErrors: true });
formats.default(ajv);
ajv.addVocabulary(['x-unit']);
const validators = new Map<string, ValidateFunction>();

const validatorOf = (key: string): ValidateFunction => {
  const known = validators.get(key);
  if (known) return known;
  const validate = ajv.compile(JSON.parse(readFileSync(join(schemas, `${key}.json`), 'utf8')));
  validators.set(key, validate);
  return validate;
};

interface PublishedEvent {
  readonly source?: string;
  readonly type: string;
  readonly detail: { readonly metadata: { readonly schemaVersion: number } };
}

/** What a consumer would find wrong with an event by the published schema (`events/schemas/`) of its type and version. */
export const schemaErrors = ({ source = SOURCE, type, detail }: PublishedEvent): string[] => {
  const validate = validatorOf(keyOf({ type, version: detail.metadata.schemaVersion }));
  // As it comes out of the bus.
  validate(JSON.parse(JSON.stringify({ source, 'detail-type': type, detail })));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};
