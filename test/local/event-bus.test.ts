import { describe, expect, it } from '@jest/globals';
import { type Entry, eventBus } from '../../local/aws/events/event-bus.ts';
import type { Deliveries } from '../../local/aws/lambda/deliveries.ts';
import { journal } from '../../local/journal.ts';
import type { Resource } from '../../local/template.ts';

const BUS = 'orders';
const bus = eventBus({
  resources: [
    { logicalId: 'Bus', type: 'AWS::Events::EventBus', properties: { Name: BUS } } as unknown as Resource,
  ],
  deliveries: {} as Deliveries,
  journal: journal(undefined),
  timeScale: 0,
});
const put = (...entries: Entry[]) => bus.putEvents(entries, () => {});
const entry: Entry = { EventBusName: BUS, Source: 'shop', DetailType: 'Sold', Detail: '{}' };

/** An entry of so many bytes, as EventBridge counts them. */
const entryOf = (bytes: number): Entry => {
  const detail = (text: string) => JSON.stringify({ text });
  const fixed = Buffer.byteLength(`shopSold${detail('')}`);
  return { ...entry, Detail: detail('x'.repeat(bytes - fixed)) };
};
const MEGABYTE = 1_024 * 1_024;

describe('a call of PutEvents', () => {
  it('takes ten entries, and not eleven', () => {
    expect(put(...Array.from({ length: 10 }, () => entry))).toMatchObject({ FailedEntryCount: 0 });
    const before = bus.published().length;
    expect(() => put(...Array.from({ length: 11 }, () => entry))).toThrow(
      expect.objectContaining({ name: 'ValidationException' }),
    );
    expect(() => put()).toThrow(expect.objectContaining({ name: 'ValidationException' }));
    expect(bus.published()).toHaveLength(before);
  });

  it('takes a megabyte, all entries together, and no more', () => {
    expect(put(entryOf(MEGABYTE))).toMatchObject({ FailedEntryCount: 0 });
    const before = bus.published().length;
    for (const entries of [[entryOf(MEGABYTE + 1)], [entryOf(MEGABYTE), entryOf(100)]])
      expect(() => put(...entries)).toThrow('Total size of the entries in the request is over the limit.');
    expect(bus.published()).toHaveLength(before);
  });

  it.each<[string, Partial<Entry>, string]>([
    ['no source', { Source: '' }, 'InvalidArgument'],
    ['no type', { DetailType: '' }, 'InvalidArgument'],
    ['no detail', { Detail: '' }, 'InvalidArgument'],
    ['a detail that is no JSON', { Detail: '{' }, 'MalformedDetail'],
    ['a detail that is no object', { Detail: '[1]' }, 'MalformedDetail'],
  ])('refuses an entry with %s, and takes the others', (_, bad, ErrorCode) => {
    expect(put({ ...entry, ...bad }, entry)).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode }, { EventId: expect.any(String) }],
    });
  });
});
