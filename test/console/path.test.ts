import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { TimelineEntry } from '../../api/answers/timeline.ts';
import type { Definition } from '../../console/definition.ts';
import { pathOf } from '../../console/path.ts';
import { storyOf } from '../../console/story.ts';

/** A saga of three steps, as it stood once. */
const definition: Definition = JSON.parse(
  readFileSync(join(import.meta.dirname, '../statemachines/fixture.asl.json'), 'utf8'),
);
let clock = Date.parse('2026-11-22T20:00:00Z');
const entry = (
  kind: TimelineEntry['kind'],
  name: string,
  outcome: string,
  detail: object = {},
): TimelineEntry => {
  clock += 10;
  return { at: new Date(clock).toISOString(), kind, name, outcome, detail } as TimelineEntry;
};
const step = (name: string, outcome = 'succeeded', detail = {}) =>
  entry('step', name, outcome, { attempts: 1, ...detail });

const tones = (entries: readonly TimelineEntry[]) =>
  Object.fromEntries([...pathOf(definition, entries).visited].map(([name, { tone }]) => [name, tone]));
const legs = (entries: readonly TimelineEntry[]) =>
  pathOf(definition, entries).legs.map(
    ({ from, to, tone, handover }) => `${from} -${handover ? '(handover) ' : ''}${tone}-> ${to}`,
  );

const PARKED = [
  step('ChargePayment'),
  step('ReserveInventory'),
  step('CreateShipment', 'failed', { error: 'AddressUndeliverableError' }),
  step('ReleaseInventory'),
  step('RefundPayment', 'failed', { attempts: 11, error: 'InjectedError' }),
  step('ParkUndo', 'running'),
];

describe('the path of an order', () => {
  it('is forward, and running where it is', () => {
    const entries = [step('ChargePayment'), step('ReserveInventory', 'running', { attempts: 2 })];
    expect(tones(entries)).toEqual({ ChargePayment: 'forward', ReserveInventory: 'running' });
    expect(legs(entries)).toEqual(['ChargePayment -forward-> ReserveInventory']);
  });

  it('has not failed where it waits for somebody, and goes on from there', () => {
    const saga: Definition = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../statemachines/order-fulfillment.asl.json'), 'utf8'),
    );
    const waits = [
      step('ChargePayment', 'failed', { error: 'PaymentActionRequiredError' }),
      step('AwaitPayment', 'running'),
    ];
    const toned = (entries: readonly TimelineEntry[]) =>
      [...pathOf(saga, entries).visited].map(([name, { tone }]) => `${name} ${tone}`);
    expect(toned(waits)).toEqual(['ChargePayment forward', 'AwaitPayment running']);
    expect(storyOf(waits, saga).map(({ tone }) => tone)).toEqual(['forward', 'running']);
    const goesOn = [...waits.slice(0, 1), step('AwaitPayment'), step('ChargePayment')];
    expect(toned(goesOn)).toEqual(['ChargePayment forward', 'AwaitPayment forward']);
    expect(pathOf(saga, goesOn).legs.map(({ tone }) => tone)).toEqual(['forward', 'forward']);
    expect(storyOf(goesOn, saga).map(({ tone }) => tone)).toEqual(['forward', 'forward', 'forward']);
  });

  it('shows what failed, what was undone, and where it is parked', () => {
    expect(tones(PARKED)).toEqual({
      ChargePayment: 'forward',
      ReserveInventory: 'forward',
      CreateShipment: 'failed',
      ReleaseInventory: 'undone',
      RefundPayment: 'failed',
      ParkUndo: 'parked',
    });
    expect(legs(PARKED)).toEqual([
      'ChargePayment -forward-> ReserveInventory',
      'ReserveInventory -forward-> CreateShipment',
      'CreateShipment -failed-> ReleaseInventory',
      'ReleaseInventory -undone-> RefundPayment',
      'RefundPayment -failed-> ParkUndo',
    ]);
  });

  it('shows a state as it was left the last time, and how often it was entered', () => {
    const resumed = [
      ...PARKED,
      step('RetryUndo'),
      step('CancelShipment'),
      step('ReleaseInventory'),
      step('RefundPayment'),
    ];
    const refund = pathOf(definition, resumed).visited.get('RefundPayment');
    expect(refund).toMatchObject({ tone: 'undone', visits: 2, last: { outcome: 'succeeded' } });
    expect(legs(resumed)).toContain('ParkUndo -parked-> RetryUndo');
  });

  it('tells where another workflow went on', () => {
    const cancelled = [step('PublishOrderConfirmed'), step('CancelShipment')];
    expect(legs(cancelled)).toEqual(['PublishOrderConfirmed -(handover) undone-> CancelShipment']);
  });

  it('leaves out what is no state of the definition', () => {
    expect(tones([step('Nap'), entry('event', 'OrderConfirmed', 'published')])).toEqual({});
  });
});

describe('the story of an order', () => {
  const story = storyOf(
    [
      step('PublishOrderConfirmed', 'succeeded', { durationMs: 3 }),
      entry('event', 'OrderConfirmed', 'published', { eventId: 'ord_1#OrderConfirmed' }),
      entry('delivery', 'notify-customer', 'done', { type: 'OrderConfirmed', attempts: 1, durationMs: 12 }),
      entry('delivery', 'assess-fraud', 'failed', {
        type: 'OrderConfirmed',
        attempts: 2,
        error: 'InjectedError',
      }),
      entry('event', 'FraudSuspected', 'published', { eventId: 'ord_1#FraudSuspected' }),
      entry('delivery', 'log-event', 'dead-lettered', { type: 'OrderConfirmed', attempts: 3 }),
    ],
    definition,
  );

  it('puts each entry into its lane', () => {
    expect(story.map(({ lane, title, tone, afterMs }) => [lane, title, tone, afterMs])).toEqual([
      ['workflow', 'PublishOrderConfirmed', 'forward', 0],
      ['events', 'OrderConfirmed', 'told', 10],
      ['listeners', 'notify-customer', 'told', 20],
      ['listeners', 'assess-fraud', 'failed', 30],
      ['events', 'FraudSuspected', 'told', 40],
      ['listeners', 'log-event', 'parked', 50],
    ]);
  });

  it('tells what is worth telling', () => {
    expect(story.map(({ facts }) => facts)).toEqual([
      '3 ms',
      '',
      '12 ms',
      'failed · 2 attempts · InjectedError',
      '',
      'of OrderConfirmed · dead-lettered · 3 attempts',
    ]);
  });

  it('says of a step that others have to decide that it is not decided', () => {
    const [line] = storyOf(
      [step('ChargePayment', 'failed', { error: 'PaymentActionRequiredError' })],
      definition,
    );
    expect(line).toMatchObject({ tone: 'forward', facts: expect.stringContaining('not decided yet') });
  });

  it('tells of a wait once, where its beginning and end are told', () => {
    const waited = [...PARKED, entry('parking', 'ParkUndo', 'parked', { error: 'InjectedError' })];
    expect(storyOf(waited, definition).filter(({ title }) => title === 'ParkUndo')).toMatchObject([
      { lane: 'workflow', tone: 'parked', facts: 'parked · InjectedError' },
    ]);
  });

  it('has a key of its own for each line, though the same comes twice', () => {
    const twice = storyOf([...PARKED, ...PARKED], definition);
    expect(new Set(twice.map(({ key }) => key)).size).toBe(twice.length);
  });
});
