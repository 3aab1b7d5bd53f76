import type { Cell, Layout } from './layout.ts';

/** Along which axis the first row goes: to the right, or, where there is little width, down. */
export type Direction = 'right' | 'down';
interface Point {
  readonly x: number;
  readonly y: number;
}

export const NODE = { width: 118, height: 50 };
const GAP = {
  right: { width: 22, height: 44 },
  down: { width: 12, height: 26 },
};
const MARGIN = 6;
/** Room for what goes past the last row: below it, or, where rows go down, beside it. */
const BELOW = 30;
const BESIDE = 18;

/** Where everything of a layout is drawn, in the units of the drawing. */
export const geometryOf = ({ cells, rows, columns, indent }: Layout, direction: Direction) => {
  const pitchX = NODE.width + GAP[direction].width;
  const pitchY = NODE.height + GAP[direction].height;
  const across = direction === 'right' ? columns : rows;
  const down = direction === 'right' ? rows : columns;

  /** The middle of a cell. */
  const middle = ({ row, column }: Cell): Point => {
    const [i, j] = direction === 'right' ? [column, row] : [row, column];
    return { x: MARGIN + NODE.width / 2 + i * pitchX, y: MARGIN + NODE.height / 2 + j * pitchY };
  };
  const isTaken = (cell: Cell) =>
    [...cells.values()].some(({ row, column }) => row === cell.row && column === cell.column);

  /** Half a node's length along the axis of the columns, and along that of the rows. */
  const [halfLong, halfWide] =
    direction === 'right' ? [NODE.width / 2, NODE.height / 2] : [NODE.height / 2, NODE.width / 2];
  const at = (point: Point, long: number, wide: number): Point =>
    direction === 'right'
      ? { x: point.x + long, y: point.y + wide }
      : { x: point.x + wide, y: point.y + long };
  const curve = (a: Point, b: Point, c: Point, d: Point) =>
    `M${a.x} ${a.y}C${b.x} ${b.y} ${c.x} ${c.y} ${d.x} ${d.y}`;

  /** Within a row: straight, or past what stands between. */
  const alongRow = (from: Cell, to: Cell): string => {
    const sign = Math.sign(to.column - from.column) || 1;
    const between = Array.from({ length: Math.abs(to.column - from.column) - 1 }, (_, index) => ({
      row: from.row,
      column: from.column + sign * (index + 1),
    }));
    const [a, b] = [middle(from), middle(to)];
    if (!between.some(isTaken)) {
      const [start, end] = [at(a, sign * halfLong, 0), at(b, -sign * halfLong, 0)];
      return `M${start.x} ${start.y}L${end.x} ${end.y}`;
    }
    const [start, end] = [at(a, 0, halfWide), at(b, 0, halfWide)];
    const bow = GAP[direction].height * 0.8;
    return curve(start, at(start, 0, bow), at(end, 0, bow), end);
  };

  /** From row to row: leaves and arrives on the side where the other one is, so that ways there and back lie apart. */
  const acrossRows = (from: Cell, to: Cell): string => {
    const sign = Math.sign(to.row - from.row);
    const side = Math.sign(to.column - from.column);
    const port = side === 0 ? (sign > 0 ? -0.16 : 0.16) : side * 0.5;
    const start = at(middle(from), port * halfLong, sign * halfWide);
    const end = at(middle(to), (side === 0 ? port : -port) * halfLong, -sign * halfWide);
    const room = (direction === 'right' ? Math.abs(end.y - start.y) : Math.abs(end.x - start.x)) * 0.5;
    return curve(start, at(start, 0, sign * room), at(end, 0, -sign * room), end);
  };

  const width = 2 * MARGIN + across * pitchX - GAP[direction].width + (direction === 'down' ? BESIDE : 0);
  return {
    width,
    /** How much of the width is empty before the first row; none where the row goes down. */
    emptyShare: direction === 'right' ? (indent * pitchX) / width : 0,
    height: 2 * MARGIN + down * pitchY - GAP[direction].height + BELOW,
    middle,
    /** The line of an edge, as a path's `d`. */
    line: (from: Cell, to: Cell): string => (from.row === to.row ? alongRow(from, to) : acrossRows(from, to)),
  };
};
export type Geometry = ReturnType<typeof geometryOf>;
