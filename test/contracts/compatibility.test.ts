import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { breachesOf, explain } from '../../contracts/compatibility.ts';
import { jsonSchemaOf } from '../../contracts/json-schema.ts';
import { contract, keyOf } from '../../events/contract.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';

const cents = z.int().nonnegative().meta({ description: 'In all.', 'x-unit': 'cents' });
const line = { sku: z.string(), quantity: z.int() };
const published = {
  orderId: z.string().min(1),
  totalCents: cents,
  channel: z.enum(['WEB', 'SHOP']),
  note: z.string().optional(),
  items: z.array(z.object(line)),
  labels: z.record(z.string(), z.number()),
  payer: z.union([
    z.object({ kind: z.literal('SELF') }),
    z.object({ kind: z.literal('OTHER'), who: z.string() }),
  ]),
};

const schemasOf = (shape: z.core.$ZodLooseShape, version = 1) => {
  const order = contract({
    ...OrderConfirmed,
    version,
    data: z.object(shape) as never,
    example: {} as never,
  });
  return [[keyOf(order), jsonSchemaOf(order, 'draft-4')] as const];
};
const without = (name: keyof typeof published) => {
  const { [name]: _, ...rest } = published;
  return rest;
};
const explanations = (shape: z.core.$ZodLooseShape) =>
  breachesOf(new Map(schemasOf(published)), new Map(schemasOf(shape))).map(explain);

const NEW_MAJOR =
  'leave this version as it is, and publish a new major version beside it (docs/decisions/0007-event-contracts.md tells how)';

describe('the gate refuses', () => {
  it.each<[string, z.core.$ZodLooseShape, string, string, string, string]>([
    [
      'a field removed',
      without('totalCents'),
      'totalCents',
      'it is removed or renamed',
      'a published field stays, under its name',
      NEW_MAJOR,
    ],
    [
      'an optional field removed',
      without('note'),
      'note',
      'it is removed or renamed',
      'a published field stays, under its name',
      NEW_MAJOR,
    ],
    [
      'a field renamed',
      { ...without('totalCents'), grandTotalCents: cents.optional() },
      'totalCents',
      'it is removed or renamed (new beside it: grandTotalCents)',
      'a published field stays, under its name',
      NEW_MAJOR,
    ],
    [
      'a field removed from within a list',
      { ...published, items: z.array(z.object({ sku: z.string() })) },
      'items[].quantity',
      'it is removed or renamed',
      'a published field stays, under its name',
      NEW_MAJOR,
    ],
    [
      'another type',
      { ...published, totalCents: z.string() },
      'totalCents',
      'its type was integer, and would be string',
      'a field keeps its type',
      NEW_MAJOR,
    ],
    [
      'null let in',
      { ...published, orderId: z.string().min(1).nullable() },
      'orderId',
      'its type was string, and would be string or null',
      'a field keeps its type',
      NEW_MAJOR,
    ],
    [
      'an alternative more',
      { ...published, payer: z.union([...published.payer.options, z.object({ kind: z.literal('SHOP') })]) },
      'payer',
      'it had 2 alternatives (anyOf), and would have 3',
      'a field keeps its type',
      NEW_MAJOR,
    ],
    [
      'a new field that is required',
      { ...published, weightGrams: z.int() },
      'weightGrams',
      'it is new, and would be required',
      'a new field is optional: events published before it lack it',
      'add .optional() to it',
    ],
    [
      'an optional field made required',
      { ...published, note: z.string() },
      'note',
      'it was optional, and would be required',
      'an optional field stays optional: events published before may lack it',
      NEW_MAJOR,
    ],
    [
      'a required field made optional',
      { ...published, orderId: published.orderId.optional() },
      'orderId',
      'it was required, and would be optional',
      'a required field stays required: consumers rely on it',
      NEW_MAJOR,
    ],
    [
      'an enum narrowed',
      { ...published, channel: z.enum(['WEB']) },
      'channel',
      'no longer allowed: "SHOP"',
      'a field keeps its list of values: consumers decide by them',
      NEW_MAJOR,
    ],
    [
      'an enum widened',
      { ...published, channel: z.enum(['WEB', 'SHOP', 'PHONE']) },
      'channel',
      'newly allowed: "PHONE"',
      'a field keeps its list of values: consumers decide by them',
      NEW_MAJOR,
    ],
    [
      'an enum put on what had none',
      { ...published, orderId: z.enum(['A']) },
      'orderId',
      'any value was allowed; newly allowed: "A"',
      'a field keeps its list of values: consumers decide by them',
      NEW_MAJOR,
    ],
    [
      'another constant within an alternative',
      {
        ...published,
        payer: z.union([z.object({ kind: z.literal('ME') }), published.payer.options[1]]),
      },
      'payer.kind',
      'no longer allowed: "SELF"; newly allowed: "ME"',
      'a field keeps its list of values: consumers decide by them',
      NEW_MAJOR,
    ],
    [
      'another unit',
      { ...published, totalCents: cents.meta({ 'x-unit': 'euros' }) },
      'totalCents',
      'its unit was "cents", and would be "euros"',
      'a field keeps its unit',
      NEW_MAJOR,
    ],
    [
      'another bound',
      { ...published, totalCents: cents.min(1) },
      'totalCents',
      'its minimum was 0, and would be 1',
      'a field keeps its constraints: consumers rely on them',
      NEW_MAJOR,
    ],
    [
      'a format put on',
      { ...published, note: z.email().optional() },
      'note',
      'its format was none, and would be "email"',
      'a field keeps its constraints: consumers rely on them',
      NEW_MAJOR,
    ],
    [
      'other values of a map',
      { ...published, labels: z.record(z.string(), z.string()) },
      'labels',
      'its additionalProperties was {"type":"number"}, and would be {"type":"string"}',
      'a field keeps its constraints: consumers rely on them',
      NEW_MAJOR,
    ],
  ])(
    '%s, naming event, version, field and rule, and what to do instead',
    (_, shape, field, change, rule, instead) => {
      const [first, ...others] = explanations(shape);
      expect(first).toBe(
        `OrderConfirmed v1, field detail.data.${field}: ${change}.\n  Rule: ${rule}.\n  Instead: ${instead}.`,
      );
      // A constraint may come and go with another.
      expect(others.filter((other) => !other.includes(`detail.data.${field}:`))).toEqual([]);
    },
  );

  it('a version removed, though its successor is there', () => {
    const found = breachesOf(new Map(schemasOf(published)), new Map(schemasOf(published, 2)));
    expect(found.map(explain)).toEqual([
      'OrderConfirmed v1: it is removed.\n' +
        '  Rule: a published version stays while anyone may consume it.\n' +
        '  Instead: put it back; docs/decisions/0007-event-contracts.md tells how a version is retired.',
    ]);
  });

  it('all that is wrong, at once', () => {
    expect(explanations({ ...without('orderId'), totalCents: z.string(), note: z.string() })).toHaveLength(3);
  });
});

describe('the gate accepts', () => {
  it.each<[string, z.core.$ZodLooseShape]>([
    ['what has not changed', published],
    ['a new optional field', { ...published, giftWrapped: z.boolean().optional() }],
    [
      'a new optional field with required ones within',
      { ...published, gift: z.object({ text: z.string() }).optional() },
    ],
    [
      'a new optional field within a list',
      { ...published, items: z.array(z.object({ ...line, weightGrams: z.int().optional() })) },
    ],
    [
      'another wording',
      { ...published, totalCents: cents.meta({ description: 'All of it.', 'x-unit': 'cents' }) },
    ],
    ['another order of fields and values', { ...without('channel'), channel: z.enum(['SHOP', 'WEB']) }],
  ])('%s', (_, shape) => {
    expect(explanations(shape)).toEqual([]);
  });

  it('a new event, and a new major beside the old', () => {
    const both = new Map([...schemasOf(published), ...schemasOf({ orderId: z.int() }, 2)]);
    expect(breachesOf(new Map(schemasOf(published)), both)).toEqual([]);
    expect(breachesOf(new Map(), both)).toEqual([]);
  });
});
