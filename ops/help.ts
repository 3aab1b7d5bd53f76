import type { Command } from './command.ts';
import { COMMANDS } from './commands.ts';

const RUN = 'npm run ops --';

const EVERYWHERE = `  --stage <stage>  a deployed stage, found by its stack's outputs
  --url <url>      or its API by address (default: http://127.0.0.1:3000, as npm start has it)
  --json           for programs
  --help           of a command: with examples

A deployed stage is asked with the credentials and the region that the AWS SDK finds.

exit codes: 0 done, 1 refused, 2 wrong usage, 3 the stage does not answer, or fails`;

const width = Math.max(...[...COMMANDS.keys()].map((name) => name.length));

/** What there is. */
export const overview = (): string => `${RUN} <command> [options]

${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

${EVERYWHERE}`;

/** How one command is used. */
export const helpOn = (name: string, { usage, summary, examples }: Command): string =>
  `${`${RUN} ${name} ${usage}`.trim()}

${summary}

${examples.map((example) => `  ${RUN} ${example}`).join('\n')}

${EVERYWHERE}`;
