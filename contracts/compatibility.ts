import { isDeepStrictEqual } from 'node:util';
import { type JsonSchema, typesOf } from './json-schema.ts';

/** JSON Schemas by contract: `OrderConfirmed.v1`. */
export type Schemas = ReadonlyMap<string, JsonSchema>;

/** What a change would do to consumers that we do not know, and what to do instead. */
export interface Breach {
  /** `OrderConfirmed v1` */
  readonly contract: string;
  /** `detail.data.items[].sku`; the whole event has none. */
  readonly field: string;
  /** What was found. */
  readonly change: string;
  readonly rule: keyof typeof RULES;
}

const NEW_MAJOR =
  'leave this version as it is, and publish a new major version beside it (docs/decisions/0007-event-contracts.md tells how)';

/** Every rule, and what to do instead of breaking it. */
const RULES = {
  'a published field stays, under its name': NEW_MAJOR,
  'a new field is optional: events published before it lack it': 'add .optional() to it',
  'a field keeps its type': NEW_MAJOR,
  'an optional field stays optional: events published before may lack it': NEW_MAJOR,
  'a required field stays required: consumers rely on it': NEW_MAJOR,
  'a field keeps its list of values: consumers decide by them': NEW_MAJOR,
  'a field keeps its unit': NEW_MAJOR,
  'a field keeps its constraints: consumers rely on them': NEW_MAJOR,
  'a published version stays while anyone may consume it':
    'put it back; docs/decisions/0007-event-contracts.md tells how a version is retired',
} as const;

/** Words for people, on which nobody's code depends. */
const ANNOTATIONS = new Set(['$schema', 'title', 'description']);
/** Compared by a rule of their own. */
const RULED = new Set([
  'type',
  'enum',
  'x-unit',
  'properties',
  'required',
  'items',
  'anyOf',
  'oneOf',
  'allOf',
]);

type Finding = Pick<Breach, 'field' | 'change' | 'rule'>;

const show = (value: unknown) => (value === undefined ? 'none' : JSON.stringify(value));
const at = (field: string, name: string) => (field ? `${field}.${name}` : name);

const fieldFindings = (published: JsonSchema, proposed: JsonSchema, field: string): Finding[] => {
  const before = published.properties ?? {};
  const after = proposed.properties ?? {};
  const isRequired = (schema: JsonSchema, name: string) => schema.required?.includes(name) ?? false;
  const added = Object.keys(after).filter((name) => !(name in before));

  const ofPublished = Object.entries(before).flatMap(([name, schema]): Finding[] => {
    const path = at(field, name);
    const next = after[name];
    if (!next) {
      const beside = added.length > 0 ? ` (new beside it: ${added.join(', ')})` : '';
      return [
        {
          field: path,
          change: `it is removed or renamed${beside}`,
          rule: 'a published field stays, under its name',
        },
      ];
    }
    const was = isRequired(published, name);
    const is = isRequired(proposed, name);
    const findings = findingsIn(schema, next, path);
    if (!was && is) {
      const rule = 'an optional field stays optional: events published before may lack it';
      return [{ field: path, change: 'it was optional, and would be required', rule }, ...findings];
    }
    if (was && !is) {
      const rule = 'a required field stays required: consumers rely on it';
      return [{ field: path, change: 'it was required, and would be optional', rule }, ...findings];
    }
    return findings;
  });
  const ofAdded = added
    .filter((name) => isRequired(proposed, name))
    .map((name): Finding => {
      const rule = 'a new field is optional: events published before it lack it';
      return { field: at(field, name), change: 'it is new, and would be required', rule };
    });
  return [...ofPublished, ...ofAdded];
};

const enumFindings = (published: JsonSchema, proposed: JsonSchema, field: string): Finding[] => {
  if (isDeepStrictEqual(new Set(published.enum), new Set(proposed.enum))) return [];
  const gone = published.enum?.filter((value) => !proposed.enum?.includes(value)) ?? [];
  const come = proposed.enum?.filter((value) => !published.enum?.includes(value)) ?? [];
  const change = [
    ...(published.enum ? [] : ['any value was allowed']),
    ...(proposed.enum ? [] : ['any value would be allowed']),
    ...(gone.length > 0 ? [`no longer allowed: ${gone.map(show).join(', ')}`] : []),
    ...(come.length > 0 ? [`newly allowed: ${come.map(show).join(', ')}`] : []),
  ].join('; ');
  return [{ field, change, rule: 'a field keeps its list of values: consumers decide by them' }];
};

const alternativeFindings = (published: JsonSchema, proposed: JsonSchema, field: string): Finding[] =>
  ['anyOf', 'oneOf', 'allOf'].flatMap((keyword) => {
    const before = (published[keyword] ?? []) as readonly JsonSchema[];
    const after = (proposed[keyword] ?? []) as readonly JsonSchema[];
    if (before.length !== after.length) {
      const change = `it had ${before.length} alternatives (${keyword}), and would have ${after.length}`;
      return [{ field, change, rule: 'a field keeps its type' }];
    }
    return before.flatMap((schema, index) => findingsIn(schema, after[index] ?? {}, field));
  });

const findingsIn = (published: JsonSchema, proposed: JsonSchema, field: string): Finding[] => {
  if (!isDeepStrictEqual(published.type, proposed.type)) {
    const change = `its type was ${typesOf(published).join(' or ')}, and would be ${typesOf(proposed).join(' or ')}`;
    return [{ field, change, rule: 'a field keeps its type' }];
  }
  const unit: Finding[] =
    published['x-unit'] === proposed['x-unit']
      ? []
      : [
          {
            field,
            change: `its unit was ${show(published['x-unit'])}, and would be ${show(proposed['x-unit'])}`,
            rule: 'a field keeps its unit',
          },
        ];
  const constraints = [...new Set([...Object.keys(published), ...Object.keys(proposed)])]
    .filter((keyword) => !ANNOTATIONS.has(keyword) && !RULED.has(keyword))
    .filter((keyword) => !isDeepStrictEqual(published[keyword], proposed[keyword]))
    .map(
      (keyword): Finding => ({
        field,
        change: `its ${keyword} was ${show(published[keyword])}, and would be ${show(proposed[keyword])}`,
        rule: 'a field keeps its constraints: consumers rely on them',
      }),
    );
  return [
    ...enumFindings(published, proposed, field),
    ...unit,
    ...constraints,
    ...alternativeFindings(published, proposed, field),
    ...fieldFindings(published, proposed, field),
    ...(published.items || proposed.items
      ? findingsIn(published.items ?? {}, proposed.items ?? {}, `${field}[]`)
      : []),
  ];
};

/** Whatever is neither a new contract, a new optional field at any depth, nor another wording. */
export const breachesOf = (published: Schemas, proposed: Schemas): Breach[] =>
  [...published].flatMap(([key, schema]): Breach[] => {
    const contract = key.replace('.', ' ');
    const next = proposed.get(key);
    if (!next) {
      const rule = 'a published version stays while anyone may consume it';
      return [{ contract, field: '', change: 'it is removed', rule }];
    }
    return findingsIn(schema, next, '').map((finding) => ({ contract, ...finding }));
  });

/** What someone is told who knows nothing of these rules. */
export const explain = ({ contract, field, change, rule }: Breach): string =>
  [
    `${contract}${field && `, field ${field}`}: ${change}.`,
    `  Rule: ${rule}.`,
    `  Instead: ${RULES[rule]}.`,
  ].join('\n');
