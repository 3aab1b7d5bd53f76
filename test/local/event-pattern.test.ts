import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { matcher, type Pattern } from '../../local/aws/events/event-pattern.ts';

/** `[what, pattern, events that match, events that do not]` */
type Example = readonly [string, Pattern, readonly object[], readonly object[]];

/** The examples of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const OPERATORS: readonly Example[] = [
  [
    'and',
    { Location: ['New York'], Day: ['Monday'] },
    [{ Location: 'New York', Day: 'Monday' }],
    [{ Location: 'New York', Day: 'Friday' }, { Location: 'New York' }],
  ],
  [
    'anything-but',
    { state: [{ 'anything-but': 'initializing' }] },
    [{ state: 'running' }],
    [{ state: 'initializing' }, {}],
  ],
  [
    'anything-but a list',
    { state: [{ 'anything-but': ['stopped', 'overloaded'] }] },
    [{ state: 'running' }],
    [{ state: 'stopped' }, { state: 'overloaded' }],
  ],
  [
    'anything-but numbers',
    { 'x-limit': [{ 'anything-but': [100, 200, 300] }] },
    [{ 'x-limit': 150 }],
    [{ 'x-limit': 200 }],
  ],
  [
    'anything-but (begins with)',
    { Region: [{ 'anything-but': { prefix: 'us-' } }] },
    [{ Region: 'eu-west-1' }],
    [{ Region: 'us-east-1' }],
  ],
  [
    'anything-but (ends with)',
    { FileName: [{ 'anything-but': { suffix: ['.png', '.jpg'] } }] },
    [{ FileName: 'dir/a.txt' }],
    [{ FileName: 'a.png' }, { FileName: 'a.jpg' }],
  ],
  [
    'anything-but (ignore case)',
    { state: [{ 'anything-but': { 'equals-ignore-case': 'initializing' } }] },
    [{ state: 'running' }],
    [{ state: 'INITIALIZING' }],
  ],
  [
    'anything-but using a wildcard',
    { FilePath: [{ 'anything-but': { wildcard: '*/lib/*' } }] },
    [{ FilePath: '/bin/a' }],
    [{ FilePath: '/usr/lib/a' }],
  ],
  ['begins with', { Region: [{ prefix: 'us-' }] }, [{ Region: 'us-east-1' }], [{ Region: 'eu-us-' }, {}]],
  [
    'begins with (ignore case)',
    { service: [{ prefix: { 'equals-ignore-case': 'EventB' } }] },
    [{ service: 'eventbridge' }],
    [{ service: 'event-bridge' }],
  ],
  ['empty', { LastName: [''] }, [{ LastName: '' }], [{ LastName: 'a' }, { LastName: null }, {}]],
  ['equals', { Name: ['Alice'] }, [{ Name: 'Alice' }, { Name: ['Bob', 'Alice'] }], [{ Name: 'alice' }]],
  [
    'equals (ignore case)',
    { Name: [{ 'equals-ignore-case': 'alice' }] },
    [{ Name: 'ALICE' }],
    [{ Name: 'Alicia' }],
  ],
  ['ends with', { FileName: [{ suffix: '.png' }] }, [{ FileName: 'a.png' }], [{ FileName: 'a.PNG' }]],
  [
    'ends with (ignore case)',
    { service: [{ suffix: { 'equals-ignore-case': 'tBridge' } }] },
    [{ service: 'EVENTBRIDGE' }],
    [{ service: 'bridges' }],
  ],
  ['exists', { ProductName: [{ exists: true }] }, [{ ProductName: null }, { ProductName: 'a' }], [{}]],
  ['does not exist', { ProductName: [{ exists: false }] }, [{}], [{ ProductName: 'a' }]],
  ['not', { Weather: [{ 'anything-but': ['Raining'] }] }, [{ Weather: 'Sunny' }], [{ Weather: 'Raining' }]],
  ['null', { UserID: [null] }, [{ UserID: null }], [{ UserID: '' }, {}]],
  [
    'numeric (equals)',
    { Price: [{ numeric: ['=', 100] }] },
    [{ Price: 100 }],
    [{ Price: 99 }, { Price: '100' }],
  ],
  [
    'numeric (range)',
    { Price: [{ numeric: ['>', 10, '<=', 20] }] },
    [{ Price: 10.5 }, { Price: 20 }],
    [{ Price: 10 }, { Price: 21 }],
  ],
  [
    'or',
    { PaymentType: ['Credit', 'Debit'] },
    [{ PaymentType: 'Credit' }, { PaymentType: 'Debit' }],
    [{ PaymentType: 'Cash' }],
  ],
  [
    'or (several fields)',
    { $or: [{ Location: ['New York'] }, { Day: ['Monday'] }] },
    [{ Location: 'New York', Day: 'Friday' }, { Day: 'Monday' }],
    [{ Location: 'Paris', Day: 'Friday' }],
  ],
  [
    'wildcard',
    { FileName: [{ wildcard: 'dir/*.png' }] },
    [{ FileName: 'dir/a.png' }, { FileName: 'dir/b/c.png' }],
    [{ FileName: 'a.png' }],
  ],
  [
    'a wildcard with a star in it',
    { FileName: [{ wildcard: 'a\\*b*' }] },
    [{ FileName: 'a*bc' }],
    [{ FileName: 'axbc' }],
  ],
  [
    'ip addresses',
    { sourceIPAddress: [{ cidr: '10.0.0.0/24' }] },
    [{ sourceIPAddress: '10.0.0.255' }],
    [{ sourceIPAddress: '10.0.1.0' }, { sourceIPAddress: 'somewhere' }],
  ],
  [
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-complex-example-or
    'or within a detail, beside other conditions',
    {
      source: ['aws.s3'],
      detail: { $or: [{ size: [{ numeric: ['>', 0] }] }, { level: ['HIGH'], id: [{ exists: true }] }] },
    },
    [
      { source: 'aws.s3', detail: { size: 1 } },
      { source: 'aws.s3', detail: { level: 'HIGH', id: 'a' } },
    ],
    [
      { source: 'aws.ec2', detail: { size: 1 } },
      { source: 'aws.s3', detail: { level: 'HIGH' } },
      { source: 'aws.s3' },
    ],
  ],
];

describe('the operators that AWS documents', () => {
  it.each(OPERATORS)('%s', (_, pattern, matching, others) => {
    const matches = matcher(pattern, 'rule Rule');
    expect(matching.filter((event) => !matches(event))).toEqual([]);
    expect(others.filter(matches)).toEqual([]);
  });
});

it('an operator that is none is an error that names it and whose it is', () => {
  expect(() => matcher({ detail: { total: [{ between: [1, 2] }] } }, 'rule Rule')).toThrow(
    'rule Rule, detail.total: the operator between is not emulated locally',
  );
});

/** Whether AWS's own engine lets an event through: Event Ruler 1.8.1 (https://github.com/aws/event-ruler), asked 2200 times. */
interface Ruling {
  readonly event: object;
  readonly pattern: Pattern;
  readonly matches: boolean;
}

const rulings = readFileSync(join(import.meta.dirname, 'event-ruler.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Ruling);

/** By the operator that makes it hard, the hardest first. */
const HARD = ['$or', 'exists', 'anything-but', 'wildcard', 'cidr', 'numeric', 'equals-ignore-case', ''];
const groupOf = ({ pattern }: Ruling) => HARD.find((operator) => JSON.stringify(pattern).includes(operator));

describe('what Event Ruler lets through', () => {
  it.each(HARD)('patterns with "%s"', (operator) => {
    const group = rulings.filter((ruling) => groupOf(ruling) === operator);
    expect(group.length).toBeGreaterThan(100);
    expect(group.filter(({ pattern, event, matches }) => matcher(pattern, '')(event) !== matches)).toEqual(
      [],
    );
  });
});

it('what matches of objects in an array matches in one of them', () => {
  const event = {
    items: [
      { sku: 'MUG', size: 1 },
      { sku: 'CAP', size: 2 },
    ],
  };
  expect(matcher({ items: { sku: ['MUG'], size: [1] } }, '')(event)).toBe(true);
  expect(matcher({ items: { sku: ['MUG'], size: [2] } }, '')(event)).toBe(false);
});
