import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { OperatorApi } from './operator-api.ts';

/** The command line is not one of ours. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option of a command. */
export interface Option {
  /** What it takes, as the usage calls it: `time`. A switch takes nothing. */
  readonly takes?: string;
  readonly isRequired?: true;
}
type Options = Readonly<Record<string, Option>>;

type Value<Own extends Option> = Own extends { readonly takes: string }
  ? Own extends { readonly isRequired: true }
    ? string
    : string | undefined
  : boolean;

/** What a command is given. */
export interface Call<Operand extends string, Own extends Options> {
  /** What stands beside the options, by what the command calls it. */
  readonly operands: Readonly<Record<Operand, string>>;
  /** Its own options: their texts, and whether a switch was given. */
  readonly options: { readonly [Name in keyof Own]: Value<Own[Name]> };
  /** Epoch ms. */
  readonly now: number;
}

export interface Answer {
  /** For programs: what the API has answered, as it has; `--json` prints it. */
  readonly data: unknown;
  /** For people. */
  readonly text: string;
  /** Something of what was asked for was refused, as the answer tells: exit code 1. */
  readonly isRefused?: boolean;
}

interface CommandProps<Operand extends string, Own extends Options> {
  /** One line. */
  readonly summary: string;
  /** Command lines without `npm run ops --`. */
  readonly examples: readonly string[];
  /** What has to stand beside the options, and nothing else may: `orderId`. */
  readonly operands?: readonly Operand[];
  /** Its own options, beside those of every command. */
  readonly options?: Own;
  /** @throws UsageError; OperatorApiError with the API's own words; UnreachableError */
  readonly run: (ask: OperatorApi, call: Call<Operand, Own>) => Promise<Answer>;
}

/** One thing that an operator can do. */
export type Command = Required<CommandProps<string, Options>>;

export const command = <
  const Operand extends string = never,
  const Own extends Options = Record<never, never>,
>({
  operands = [],
  run,
  options,
  ...props
}: CommandProps<Operand, Own>): Command => ({
  ...props,
  operands,
  options: options ?? {},
  // It is called with what stands beside it here.
  run: run as Command['run'],
});

/** Where the operators' API of the local stack is, unless it was told otherwise. */
export const LOCAL = 'http://127.0.0.1:3001';

/** Those of every command, and what there is to say of each. */
export const COMMON: Readonly<Record<string, Option & { readonly says: string }>> = {
  stage: { takes: 'stage', says: "a deployed stage, found by its stack's outputs" },
  url: {
    takes: 'url',
    says: `or its operators' API by address (default: ${LOCAL}, as npm start has it)`,
  },
  json: { says: 'for programs' },
  help: { says: 'of a command: with examples' },
};

/** `--stage <stage>` */
export const written = (name: string, { takes }: Option): string =>
  takes ? `--${name} <${takes}>` : `--${name}`;

/** A command as it is written behind its name: `<orderId> [--note <words>]`. */
export const usageOf = ({ operands, options }: Pick<Command, 'operands' | 'options'>): string =>
  [
    ...operands.map((operand) => `<${operand}>`),
    ...Object.entries(options).map(([name, option]) =>
      option.isRequired ? written(name, option) : `[${written(name, option)}]`,
    ),
  ].join(' ');

const TEXT = { type: 'string' } as const;
const SWITCH = { type: 'boolean', default: false } as const;

const parsed = (config: ParseArgsConfig) => {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
};

/**
 * What the arguments say to the command of a name, by the names of its operands and options; `common` are the options of every command.
 * @throws UsageError
 */
export const parse = (
  name: string,
  args: readonly string[],
  { operands, options }: Pick<Command, 'operands' | 'options'>,
) => {
  const all = Object.entries({ ...COMMON, ...options });
  const config = {
    args: [...args],
    options: Object.fromEntries(all.map(([name, { takes }]) => [name, takes ? TEXT : SWITCH])),
    allowPositionals: true,
  } satisfies ParseArgsConfig;
  const { values, positionals } = parsed(config);
  const of = (names: Options) => Object.fromEntries(Object.keys(names).map((name) => [name, values[name]]));
  const common = of(COMMON) as { stage?: string; url?: string; json: boolean; help: boolean };
  // Whoever asks for help need not know how it is used.
  if (common.help) return { common, operands: {}, options: {} };
  const missing = operands[positionals.length];
  if (missing) throw new UsageError(`${name}: which ${missing}?`);
  const [surplus] = positionals.slice(operands.length);
  if (surplus) throw new UsageError(`${surplus}: one thing too many`);
  for (const [own, option] of Object.entries(options))
    if (option.isRequired && values[own] === undefined)
      throw new UsageError(`${name}: ${written(own, option)} is missing`);
  return {
    common,
    operands: Object.fromEntries(operands.map((operand, at) => [operand, positionals[at] as string])),
    options: of(options) as Call<string, Options>['options'],
  };
};
