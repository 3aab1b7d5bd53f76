import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Definition, isEnd, isParking, type Transition } from './definition.ts';
import { duration, plural, words } from './format.ts';
import { type Direction, type Geometry, geometryOf, NODE } from './geometry.ts';
import { layoutOf } from './layout.ts';
import type { Leg, Path, Visited } from './path.ts';
import { SIGNS } from './status.tsx';

const NARROW = '(max-width: 700px)';

const useDirection = (): Direction => {
  const [narrow, setNarrow] = useState(matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const listen = () => setNarrow(query.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, []);
  return narrow ? 'down' : 'right';
};

const OUTCOMES: Readonly<Record<string, string>> = {
  running: 'is under way',
  succeeded: 'went through',
  failed: 'failed',
  ended: 'ended the workflow',
};

/** What there is to tell of a state that the order has come to, in one sentence. */
const sentence = (name: string, { tone, visits, last: { outcome, detail } }: Visited): string => {
  const { attempts = 0, durationMs, error, message } = detail;
  const facts = [
    tone === 'parked' && outcome === 'running' ? 'waits for an operator' : (OUTCOMES[outcome] ?? outcome),
    ...(attempts > 1 ? [plural(attempts, 'attempt')] : []),
    ...(durationMs === undefined ? [] : [duration(durationMs)]),
    ...(error ? [`${outcome === 'failed' ? '' : 'at first '}${error}${message ? ` (${message})` : ''}`] : []),
    ...(visits > 1 ? [`entered ${visits} times`] : []),
  ];
  return `${name} ${facts.join(', ')}`;
};

/** What a state is there for, where the order has not come to it. */
const purpose = (name: string, definition: Definition, transitions: readonly Transition[]): string => {
  const comment = definition.States[name]?.Comment;
  const ways = transitions
    .filter(({ from }) => from === name)
    .map(({ to, errors }) => (errors.length > 0 ? `${to} on ${errors.join(', ')}` : to));
  return `${name}: ${comment ? `${comment} ` : ''}${ways.length > 0 ? `Leads to ${ways.join('; ')}.` : ''}`;
};

/** A state's name on two lines at most, broken between its words where the longer line is shortest. */
const twoLines = (name: string): readonly string[] => {
  if (name.length <= 15) return [name];
  const parts = words(name);
  const longer = (lines: readonly string[]) => Math.max(...lines.map(({ length }) => length));
  return parts
    .slice(1)
    .map((_, index) => [parts.slice(0, index + 1).join(''), parts.slice(index + 1).join('')])
    .reduce((best, lines) => (longer(lines) < longer(best) ? lines : best), [name]);
};

const under = ({ last: { detail, outcome }, visits, tone }: Visited): string => {
  const { attempts = 0, durationMs } = detail;
  if (tone === 'parked' && outcome === 'running') return 'waits';
  return [
    ...(visits > 1 ? [`${visits}×`] : []),
    ...(attempts > 1 ? [`${attempts} tries`] : []),
    ...(durationMs === undefined ? [] : [duration(durationMs)]),
  ].join(' · ');
};

interface NodeProps {
  readonly name: string;
  readonly definition: Definition;
  readonly geometry: Geometry;
  readonly cell: { readonly row: number; readonly column: number };
  readonly visited: Visited | undefined;
  readonly onPoint: (name: string | undefined) => void;
}

const Node = ({ name, definition, geometry, cell, visited, onPoint }: NodeProps) => {
  const { x, y } = geometry.middle(cell);
  const lines = twoLines(name);
  const below = visited ? under(visited) : '';
  const height = lines.length * 13 + (below ? 12 : 0);
  const top = -height / 2 + 10;
  const kind = isParking(definition, name) ? ' node-parking' : isEnd(definition, name) ? ' node-end' : '';
  const going = visited?.last.outcome === 'running' && visited.tone !== 'parked' ? ' node-going' : '';
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: a picture with a tooltip, which must be readable by keyboard too
    <g
      role="img"
      class={`node${kind}${going}${visited ? ` tone-${visited.tone}` : ''}`}
      transform={`translate(${x} ${y})`}
      aria-label={visited ? sentence(name, visited) : `${name}: not entered`}
      tabIndex={visited ? 0 : undefined}
      data-state={name}
      data-tone={visited?.tone}
      onMouseEnter={() => onPoint(name)}
      onMouseLeave={() => onPoint(undefined)}
      onFocus={() => onPoint(name)}
      onBlur={() => onPoint(undefined)}
    >
      <rect
        class="node-box"
        x={-NODE.width / 2}
        y={-NODE.height / 2}
        width={NODE.width}
        height={NODE.height}
        rx={kind === ' node-end' ? NODE.height / 2 : 9}
      />
      {lines.map((line, index) => (
        <text key={line} class="node-name" y={top + index * 13}>
          {line}
        </text>
      ))}
      {below && (
        <text class="node-below" y={top + lines.length * 13}>
          {below}
        </text>
      )}
      {visited && (
        <g class="node-sign" transform={`translate(${NODE.width / 2 - 4} ${-NODE.height / 2 + 4})`}>
          <circle r="8" />
          <text y="3.5">{SIGNS[visited.tone]}</text>
        </g>
      )}
    </g>
  );
};

const key = ({ from, to }: { from: string; to: string }) => `${from} ${to}`;

const Edges = ({
  transitions,
  legs,
  line,
}: {
  transitions: readonly Transition[];
  legs: readonly Leg[];
  line: (edge: { from: string; to: string }) => string;
}) => {
  const taken = new Set(legs.map(key));
  return (
    <g>
      {transitions
        .filter((transition) => !taken.has(key(transition)))
        .map((transition) => (
          <path
            key={key(transition)}
            class={`edge edge-${transition.kind}`}
            d={line(transition)}
            marker-end="url(#arrow)"
          />
        ))}
      {legs.map((leg) => (
        <path
          key={`taken ${key(leg)}`}
          class={`edge edge-taken tone-${leg.tone}${leg.handover ? ' edge-handover' : ''}`}
          d={line(leg)}
          pathLength="1"
          marker-end="url(#arrow)"
        />
      ))}
    </g>
  );
};

const LEGEND = [
  ['forward', 'done'],
  ['failed', 'failed'],
  ['undone', 'undone'],
  ['parked', 'waits for a person'],
] as const;

/** The state machine, drawn from its definition, and the path that one order has taken. */
export const Graph = ({ definition, path }: { definition: Definition; path: Path }) => {
  const direction = useDirection();
  const layout = useMemo(() => layoutOf(definition), [definition]);
  const geometry = useMemo(() => geometryOf(layout, direction), [layout, direction]);
  const [pointed, setPointed] = useState<string>();

  const line = ({ from, to }: { from: string; to: string }): string => {
    const [a, b] = [layout.cells.get(from), layout.cells.get(to)];
    return a && b ? geometry.line(a, b) : '';
  };
  const hasRoom = geometry.emptyShare > 0.25;
  const visited = pointed === undefined ? undefined : path.visited.get(pointed);

  return (
    <figure class="graph" aria-label="State machine">
      <svg viewBox={`0 0 ${geometry.width} ${geometry.height}`} aria-label="States of the workflow">
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
            markerUnits="userSpaceOnUse"
            orient="auto"
          >
            <path d="M0 0.5 8 4 0 7.5Z" fill="context-stroke" />
          </marker>
        </defs>
        <Edges transitions={layout.transitions} legs={path.legs} line={line} />
        {[...layout.cells].map(([name, cell]) => (
          <Node
            key={name}
            name={name}
            definition={definition}
            geometry={geometry}
            cell={cell}
            visited={path.visited.get(name)}
            onPoint={setPointed}
          />
        ))}
      </svg>
      <figcaption
        class={`graph-caption${hasRoom ? ' graph-caption-inside' : ''}`}
        style={hasRoom ? { width: `${geometry.emptyShare * 100}%` } : {}}
      >
        {pointed === undefined ? (
          <ul class="legend">
            {LEGEND.map(([tone, text]) => (
              <li key={tone} class={`tone-${tone}`}>
                <span aria-hidden="true">{SIGNS[tone]}</span> {text}
              </li>
            ))}
            <li class="legend-line">dashed: where a failure leads</li>
          </ul>
        ) : visited ? (
          sentence(pointed, visited)
        ) : (
          purpose(pointed, definition, layout.transitions)
        )}
      </figcaption>
    </figure>
  );
};
