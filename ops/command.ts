import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { OperatorApi } from './operator-api.ts';

/** The command line is not one of ours. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command is given. */
export interface Call {
  /** What stands beside the options, in order: those that are required are there. */
  readonly operands: readonly string[];
  /** By the options' names. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** The switches that were given. */
  readonly given: ReadonlySet<string>;
  /** Epoch ms. */
  readonly now: number;
}

export interface Answer {
  /** For programs: what the API has answered, as it has; `--json` prints it. */
  readonly data: unknown;
  /** For people. */
  readonly text: string;
}

/** One thing that an operator can do. */
export interface Command {
  /** As it is written behind its name: `<orderId> [--skip <Undo> --note <words>]`. */
  readonly usage: string;
  /** One line. */
  readonly summary: string;
  /** Command lines without `npm run ops --`. */
  readonly examples: readonly string[];
  /** What has to stand beside the options, and nothing else may: `orderId`. */
  readonly operands: readonly string[];
  /** Its own options, each of which takes a text. */
  readonly options: readonly string[];
  /** Its own options that take nothing. */
  readonly switches?: readonly string[];
  /** @throws UsageError; OperatorApiError with the API's own words; UnreachableError */
  readonly run: (ask: OperatorApi, call: Call) => Promise<Answer>;
}

const text = { type: 'string' } as const;
const switched = { type: 'boolean', default: false } as const;
/** Those of every command. */
const COMMON = { url: text, stage: text, json: switched, help: switched };

/** @throws UsageError */
export const parse = (
  args: readonly string[],
  { options: own, switches = [] }: Pick<Command, 'options' | 'switches'>,
) => {
  const all = (names: readonly string[], type: typeof text | typeof switched) =>
    Object.fromEntries(names.map((name) => [name, type]));
  const options = { ...COMMON, ...all(own, text), ...all(switches, switched) };
  try {
    const config = { args: [...args], options, allowPositionals: true } satisfies ParseArgsConfig;
    const { values, positionals } = parseArgs(config);
    return {
      positionals,
      values: values as typeof values & Readonly<Record<string, string | undefined>>,
      given: new Set(switches.filter((name) => (values as Readonly<Record<string, unknown>>)[name])),
    };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};
