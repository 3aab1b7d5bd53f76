import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import type { Problem } from '../../../lambdas/runtime/problem.ts';
import { validFields } from '../../../lambdas/runtime/valid-fields.ts';

const errorsOf = (model: z.ZodType, input: unknown) => {
  try {
    validFields(model, input);
    return [];
  } catch (error) {
    return (error as Problem).errors ?? [];
  }
};
const said = (model: z.ZodType, input: unknown) =>
  errorsOf(z.object({ field: model }), { field: input })[0]?.message;

describe('what is wrong with a field', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['is not there', z.string(), undefined, 'is required'],
    ['is not there, of a choice', z.enum(['A', 'B']), undefined, 'is required'],
    ['is null', z.string(), null, 'must be a text'],
    ['is no number', z.number(), '2', 'must be a number'],
    ['is no whole number', z.int(), 1.5, 'must be a whole number'],
    ['is no list', z.array(z.string()), {}, 'must be a list'],
    ['is no object', z.object({}), [], 'must be an object'],
    ['is no record', z.record(z.string(), z.string()), 'x', 'must be an object'],
    ['is neither true nor false', z.boolean(), 'yes', 'must be true or false'],
    ['is no date', z.date(), 'x', 'must be of the kind date'],
    ['is an empty text', z.string().min(1), '', 'must not be empty'],
    ['is too short a text', z.string().min(3), 'ab', 'must have at least 3 characters'],
    ['is too long a text', z.string().max(3), 'abcd', 'must have at most 3 characters'],
    ['is an empty list', z.array(z.string()).min(1), [], 'must not be empty'],
    ['is too long a list', z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entry'],
    ['is too small', z.int().min(1), 0, 'must be at least 1'],
    ['is too large', z.int().max(1_000), 1_001, 'must be at most 1000'],
    ['is none of a choice', z.enum(['A', 'B']), 'C', 'must be one of A, B'],
    ['is not the one there is', z.literal('A'), 'B', 'must be A'],
    ['is no time', z.iso.datetime(), 'noon', 'must be a time in UTC such as 2026-11-22T20:00:00Z (RFC 3339)'],
    ['has another form', z.string().regex(/^a$/), 'b', 'is not well-formed'],
    [
      'has another form that has words of its own',
      z.string().regex(/^a$/, 'must be an a'),
      'b',
      'must be an a',
    ],
    ['is nothing of several kinds', z.union([z.string(), z.number()]), true, 'is not valid'],
    ['is refused by a model of its own', z.string().refine(() => false, 'is taken'), 'x', 'is taken'],
  ])('that %s reads as a person would say it', (_, model, input, message) => {
    expect(said(model, input)).toBe(message);
  });

  it('names a field that is not known, though every object has one of that name', () => {
    const input = JSON.parse('{"constructor":1,"__proto__":{"x":1},"toString":2}');
    expect(errorsOf(z.strictObject({}), input)).toEqual(
      ['constructor', '__proto__', 'toString'].map((field) => ({ field, message: 'is not a known field' })),
    );
  });

  it('is told within bounds, however much is wrong', () => {
    const input = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`${n}`.repeat(1_000), 1]));
    const errors = errorsOf(z.strictObject({}), input);
    expect(errors).toHaveLength(100);
    for (const { field } of errors) expect(field.length).toBeLessThanOrEqual(100);
  });
});
