import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { publish } from '../../contracts/publish.ts';
import { contract } from '../../events/contract.ts';
import { OrderCancelled } from '../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../events/order-confirmed.ts';

let repository: string;
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'publish-'));
  publish(repository, [OrderCancelled, OrderConfirmed]);
});
const read = (path: string) => readFileSync(join(repository, path), 'utf8');

const { data } = OrderConfirmed.detail.shape;
const withGift = contract({
  ...OrderConfirmed,
  data: data.extend({ giftText: z.string().meta({ description: 'On the card.' }).optional() }),
});
const withoutTotal = contract({ ...OrderConfirmed, data: data.omit({ totalCents: true }) });
const second = contract({
  ...OrderConfirmed,
  version: 2,
  data,
  example: {
    metadata: { ...OrderConfirmed.example.metadata, schemaVersion: 2 },
    data: OrderConfirmed.example.data,
  },
});

describe('publishing', () => {
  it('writes a schema for each contract, the AsyncAPI document and the page', () => {
    expect(JSON.parse(read('events/schemas/OrderConfirmed.v1.json')).title).toBe('OrderConfirmed');
    expect(Object.keys(JSON.parse(read('docs/events/asyncapi.json')).components.messages)).toEqual([
      'OrderCancelled.v1',
      'OrderConfirmed.v1',
    ]);
    expect(read('docs/events.md')).toContain('## OrderConfirmed v1');
  });

  it('once more changes nothing', () => {
    expect(publish(repository, [OrderCancelled, OrderConfirmed])).toEqual({
      ok: true,
      lines: [],
    });
  });

  it('takes up a new optional field', () => {
    expect(publish(repository, [OrderCancelled, withGift])).toEqual({
      ok: true,
      lines: ['events/schemas/OrderConfirmed.v1.json', 'docs/events/asyncapi.json', 'docs/events.md'].map(
        (path) => `wrote ${path}`,
      ),
    });
    expect(read('docs/events.md')).toContain('| `giftText` | string | no |  | On the card. |  |');
  });

  it('takes up a new major beside the old', () => {
    expect(publish(repository, [OrderCancelled, OrderConfirmed, second]).ok).toBe(true);
    expect(read('docs/events.md')).toContain('## OrderConfirmed v2');
    expect(publish(repository, [OrderCancelled, OrderConfirmed, second], { check: true })).toEqual({
      ok: true,
      lines: [],
    });
  });

  it('writes nothing at all where something would break', () => {
    const before = mkdtempSync(join(tmpdir(), 'before-'));
    cpSync(repository, before, { recursive: true });
    const { ok, lines } = publish(repository, [OrderCancelled, withoutTotal]);
    expect(ok).toBe(false);
    expect(lines[1]).toContain('OrderConfirmed v1, field detail.data.totalCents: it is removed or renamed.');
    for (const path of [
      'events/schemas/OrderConfirmed.v1.json',
      'docs/events/asyncapi.json',
      'docs/events.md',
    ]) {
      expect(read(path)).toBe(readFileSync(join(before, path), 'utf8'));
    }
  });

  it('refuses to let a published version go', () => {
    const { ok, lines } = publish(repository, [OrderConfirmed]);
    expect(ok).toBe(false);
    expect(lines.join('\n')).toContain('OrderCancelled v1: it is removed.');
  });
});

describe('the check', () => {
  it('names what is out of date, and writes nothing', () => {
    writeFileSync(join(repository, 'docs/events.md'), 'edited by hand');
    expect(publish(repository, [OrderCancelled, OrderConfirmed], { check: true })).toEqual({
      ok: false,
      lines: ['docs/events.md is not what the contracts say: run npm run contracts'],
    });
    expect(read('docs/events.md')).toBe('edited by hand');
  });

  it('refuses what publishing would', () => {
    expect(publish(repository, [OrderCancelled, withoutTotal], { check: true }).ok).toBe(false);
  });
});
