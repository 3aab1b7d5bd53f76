import * as z from 'zod';
import { type Contract, SOURCE } from '../events/contract.ts';

/** As much of JSON Schema as our contracts use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly pattern?: string;
  /** In what the field is measured, or how it is written. */
  readonly 'x-unit'?: string;
  readonly [keyword: string]: unknown;
}

/**
 * An event as a consumer gets it: `source`, `detail-type` and `detail`. What EventBridge adds (`id`, `time`, `account`, ...)
 * is not ours to promise. Fields that it does not name are let through.
 * @param target draft 4 is what EventBridge's schema registry takes, draft 7 what AsyncAPI speaks
 */
export const jsonSchemaOf = (contract: Contract, target: 'draft-4' | 'draft-7'): JsonSchema => {
  const event = z.object({
    source: z.literal(SOURCE).meta({ description: 'Who publishes.' }),
    'detail-type': z.literal(contract.type).meta({ description: 'Which event it is.' }),
    detail: contract.detail,
  });
  const schema = z.toJSONSchema(event.meta({ title: contract.type, description: contract.summary }), {
    target,
    io: 'input',
    // zod spells a format out as a pattern of its own, which is no promise of ours and may change with zod.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format) delete jsonSchema.pattern;
    },
  });
  return JSON.parse(JSON.stringify(schema));
};

/** The types that a value may have, those of alternatives too. */
export const typesOf = ({ type, anyOf = [] }: JsonSchema): string[] =>
  type === undefined ? anyOf.flatMap(typesOf) : [type].flat();

export interface Field {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly example: unknown;
}

/** Every field within, depth first; those of a list's elements as `items[].sku`. */
export const fieldsOf = (schema: JsonSchema, example?: unknown, path = ''): Field[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = path ? `${path}.${name}` : name;
    const value = (example as Readonly<Record<string, unknown>> | undefined)?.[name];
    const required = schema.required?.includes(name) ?? false;
    const within = field.items
      ? fieldsOf(field.items, Array.isArray(value) ? value[0] : undefined, `${at}[]`)
      : fieldsOf(field, value, at);
    return [{ path: at, schema: field, required, example: value }, ...within];
  });
