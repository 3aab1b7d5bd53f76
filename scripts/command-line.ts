import { type ParseArgsConfig, parseArgs } from 'node:util';

/** Ends the process: the command line is not one of ours. Says what is wrong with it, and how it is used. Exit code 2. */
export const wrongUsage = (usage: string, ...problems: readonly string[]): never => {
  console.error(`${problems.join('\n')}\n\n${usage}`);
  process.exit(2);
};

/**
 * The command line of a script, by Node's own `parseArgs`. `--help` prints how it is used and ends the process, as does
 * an option that there is none of, by its name.
 */
export const commandLine = <const Config extends ParseArgsConfig>(usage: string, config: Config) => {
  const withHelp = { ...config, options: { ...config.options, help: { type: 'boolean' } } } as Config;
  try {
    const parsed = parseArgs(withHelp);
    if (!('help' in parsed.values)) return parsed;
  } catch (error) {
    return wrongUsage(usage, (error as Error).message);
  }
  console.log(usage);
  process.exit(0);
};
