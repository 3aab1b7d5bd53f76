import { COMMON, type Command, usageOf, written } from './command.ts';
import { COMMANDS } from './commands.ts';

const RUN = 'npm run ops --';

/** In two columns. */
const columns = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, says]) => `  ${name.padEnd(width)}  ${says}`).join('\n');
};

const EVERYWHERE = `${columns(Object.entries(COMMON).map(([name, option]) => [written(name, option), option.says]))}

A deployed stage is asked with the credentials and the region that the AWS SDK finds; with the token in OPERATOR_TOKEN,
where its operators have an issuer.

exit codes: 0 done, 1 refused, 2 wrong usage, 3 the stage does not answer, or fails`;

/** What there is. */
export const overview = (): string => `${RUN} <command> [options]

${columns([...COMMANDS].map(([name, { summary }]) => [name, summary]))}

${EVERYWHERE}`;

/** How one command is used. */
export const helpOn = (name: string, command: Command): string =>
  `${`${RUN} ${name} ${usageOf(command)}`.trim()}

${command.summary}

${command.examples.map((example) => `  ${RUN} ${example}`).join('\n')}

${EVERYWHERE}`;
