import { type Contract, keyOf } from '../events/contract.ts';
import { patternOf } from '../events/pattern.ts';
import { exampleOf } from './example.ts';
import { type Field, fieldsOf, type JsonSchema, jsonSchemaOf, typesOf } from './json-schema.ts';

const INTRODUCTION = `# Events

<!-- Written by \`npm run contracts\` from the files of events/. Do not edit. -->

What happens to orders is published on an EventBridge bus, \`order-saga-<stage>-OrderBus\`. Each event is a public contract: a consumer that we do not know may rely on it. What may change, and how, is in [decisions/0007-event-contracts.md](decisions/0007-event-contracts.md); in short, a version only ever gains optional fields.

- Events are delivered **at least once, in any order**. Key your effect by \`detail.metadata.eventId\`.
- **Let through what you do not know**: fields will be added, and where a description says so, values too.
- No event carries an address, an e-mail, a payment method or a token. Who must have one asks its owner by \`customerId\` or \`orderId\`.

## Consume an event

**Choose** by a pattern with the version, as below each event; it fits any template. In TypeScript \`events/pattern.ts\` makes it: \`patternOf(OrderConfirmed, OrderCancelled)\` is plain JSON, which CDK's \`Rule\` takes as its \`eventPattern\`. Where the versions differ it is an \`$or\`.

**Type** it in TypeScript by the contract itself. With this repository as a dependency of yours, \`import { OrderConfirmed } from 'order-saga/events/order-confirmed.ts'\`: the type of that name is the event's \`detail\`, \`{metadata, data}\`, and the value checks one, \`OrderConfirmed.detail.parse(event.detail)\`. The folder depends on zod alone. Node itself strips no types within \`node_modules\`: bundle it, or import types only.

**In any other language** use the JSON Schemas (draft 4) of [\`events/schemas/\`](../events/schemas/). They are in EventBridge's schema registry \`order-saga-<stage>\` too, named like \`order-saga@OrderConfirmed-v1\`. The bus as an AsyncAPI 3.0 document is [events/asyncapi.json](events/asyncapi.json).`;

const typeOf = (schema: JsonSchema): string => {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  const form = schema.format ?? schema.pattern;
  return `${typesOf(schema).join(' or ')}${form ? ` (\`${form}\`)` : ''}`;
};

const row = ({ path, schema, required, example }: Field): string => {
  // A list of objects is shown field by field.
  const shown =
    example === undefined || schema.items?.properties || schema.properties
      ? ''
      : `\`${JSON.stringify(example)}\``;
  const cells = [
    `\`${path}\``,
    typeOf(schema),
    required ? 'yes' : 'no',
    schema['x-unit'] ?? '',
    schema.description ?? '',
    shown,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
};

const table = (schema: JsonSchema, example: unknown): string =>
  [
    '| Field | Type | Required | Unit | What it says | Example |',
    '| --- | --- | --- | --- | --- | --- |',
    ...fieldsOf(schema, example).map(row),
  ].join('\n');

const json = (text: string) => `\`\`\`json\n${text}\n\`\`\``;

const detailPart = (contract: Contract, part: 'metadata' | 'data'): JsonSchema =>
  jsonSchemaOf(contract, 'draft-4').properties?.detail?.properties?.[part] ?? {};

const section = (contract: Contract): string =>
  [
    `## ${contract.type} v${contract.version}`,
    contract.summary,
    `Published by \`${contract.owner}\`. Schema: [\`${keyOf(contract)}.json\`](../events/schemas/${keyOf(contract)}.json).`,
    'Its `data`:',
    table(detailPart(contract, 'data'), contract.example.data),
    'The pattern of a rule:',
    json(JSON.stringify(patternOf(contract))),
    'An example:',
    json(JSON.stringify(exampleOf(contract), undefined, 2)),
  ].join('\n\n');

/** All events, to be read: Markdown. */
export const pageOf = (contracts: readonly [Contract, ...Contract[]]): string => {
  const [first] = contracts;
  return `${[
    INTRODUCTION,
    '## What every event says of itself',
    'Its `detail` is `{metadata, data}`, and its `metadata`:',
    table(detailPart(first, 'metadata'), first.example.metadata),
    ...contracts.map(section),
  ].join('\n\n')}\n`;
};
