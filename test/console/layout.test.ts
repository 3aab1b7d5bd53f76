import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Definition } from '../../console/definition.ts';
import { geometryOf } from '../../console/geometry.ts';
import { layoutOf } from '../../console/layout.ts';
import { STEP_NAMES, UNDOS, WAITS } from '../../saga/steps.ts';

const read = (file: string): Definition =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../..', file), 'utf8'));
const definition = read('statemachines/order-fulfillment.asl.json');
/** A saga of three steps, as it stood once. */
const ofThree = read('test/statemachines/fixture.asl.json');

/** The names in each row, by column. */
const drawing = (of: Definition): (string | undefined)[][] => {
  const { cells, rows, columns } = layoutOf(of);
  const grid = Array.from({ length: rows }, () => Array<string | undefined>(columns).fill(undefined));
  for (const [name, { row, column }] of cells) (grid[row] as (string | undefined)[])[column] = name;
  return grid;
};

describe('the drawing of the order workflow', () => {
  it('has the steps in a row, what the first one waits for before it, and each undo under its step, backwards', () => {
    const waits = [...WAITS.keys()].toReversed();
    expect(drawing(definition).slice(0, 2)).toEqual([
      [undefined, ...waits, ...STEP_NAMES, 'PublishOrderConfirmed'],
      [
        'OrderCancelled',
        'PublishOrderCancelled',
        'IsEverythingUndone',
        ...UNDOS.toReversed(),
        'ParkConfirmation',
      ],
    ]);
  });

  it('has the parkings below', () => {
    const none = undefined;
    expect(drawing(ofThree)).toEqual([
      [none, none, none, 'ChargePayment', 'ReserveInventory', 'CreateShipment', 'PublishOrderConfirmed'],
      [
        'OrderCancelled',
        'PublishOrderCancelled',
        'IsEverythingUndone',
        'RefundPayment',
        'ReleaseInventory',
        'CancelShipment',
        'ParkConfirmation',
      ],
      [none, 'ParkCancellation', 'KeepShipment', 'ParkUndo', 'IsKept', 'RetryUndo', 'WasConfirmed'],
      [none, none, none, none, none, 'ParkKeeping', 'PublishOrderKept'],
    ]);
  });

  it.each(['right', 'down'] as const)(
    'has a line for each transition, and all within its bounds (%s)',
    (direction) => {
      const layout = layoutOf(definition);
      const { width, height, line, middle } = geometryOf(layout, direction);
      const lines = layout.transitions.map(({ from, to }) => {
        const [a, b] = [layout.cells.get(from), layout.cells.get(to)];
        return a && b ? line(a, b) : '';
      });
      expect(lines.every(Boolean)).toBe(true);
      expect(new Set(lines).size).toBe(lines.length);
      for (const each of lines) {
        const numbers = each.match(/-?[\d.]+/g)?.map(Number) ?? [];
        expect(numbers.length % 2).toBe(0);
        expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...numbers.filter((_, index) => index % 2 === 0))).toBeLessThanOrEqual(width);
        expect(Math.max(...numbers.filter((_, index) => index % 2 === 1))).toBeLessThanOrEqual(height);
      }
      expect(direction === 'right' ? width > height : height > width).toBe(true);
      expect(middle({ row: 0, column: 0 })).toEqual({ x: expect.any(Number), y: expect.any(Number) });
    },
  );
});

describe('the drawing of any other workflow', () => {
  it('is a row where nothing may fail', () => {
    const States = { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Task', Next: 'C' }, C: { Type: 'Succeed' } };
    expect(drawing({ StartAt: 'A', States })).toEqual([['A', 'B', 'C']]);
  });

  it('has a place for every state, of a loop and of a choice too', () => {
    const States = {
      Try: { Type: 'Task', Next: 'Enough', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Wait' }] },
      Wait: { Type: 'Wait', Next: 'Try' },
      Enough: { Type: 'Choice', Choices: [{ Next: 'Try' }, { Next: 'Other' }], Default: 'Done' },
      Other: { Type: 'Fail' },
      Done: { Type: 'Succeed' },
      Lost: { Type: 'Fail' },
    };
    const placed = drawing({ StartAt: 'Try', States }).flat().filter(Boolean);
    expect(placed.sort()).toEqual(Object.keys(States).sort());
    expect(drawing({ StartAt: 'Try', States })[0]).toEqual(['Try', 'Enough', 'Done']);
  });
});
