import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { LOCAL, parse, UsageError } from './command.ts';
import { COMMANDS } from './commands.ts';
import { helpOn, overview } from './help.ts';
import { OperatorApiError, operatorApi } from './operator-api.ts';
import { outputsOf } from './stage.ts';

/** What is left of a command line: its exit code, and what it has printed. */
export interface Outcome {
  /** 0 done, 1 refused, 2 wrong usage, 3 the stage does not answer, or fails. */
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** @throws UsageError; the AWS SDK's own errors; Error naming the output that the stack does not have */
const addressOf = async (url: string | undefined, stage: string | undefined): Promise<string> => {
  if (url && stage) throw new UsageError('--url or --stage, not both');
  if (stage) return (await outputsOf(new CloudFormationClient(), stage))('OperatorsApiUrl');
  if (url && !URL.canParse(url)) throw new UsageError(`--url: "${url}" is no address`);
  return url ?? LOCAL;
};

const done = async (args: readonly string[], now: number): Promise<Outcome> => {
  const [name = '', ...rest] = args;
  const command = COMMANDS.get(name);
  if (!command) {
    if (name === '--help') return { exitCode: 0, stdout: overview() };
    throw new UsageError(name ? `${name}: no such command` : 'which command?');
  }
  const { common, ...said } = parse(name, rest, command);
  const { url, stage, json, help } = common;
  if (help) return { exitCode: 0, stdout: helpOn(name, command) };
  const ask = operatorApi(await addressOf(url, stage), stage !== undefined);
  const { data, text, isRefused } = await command.run(ask, { ...said, now });
  return { exitCode: isRefused ? 1 : 0, stdout: json ? JSON.stringify(data, null, 2) : text };
};

/** Runs one command line. */
export const run = async (args: readonly string[], now: number = Date.now()): Promise<Outcome> => {
  try {
    return await done(args, now);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof UsageError) return { exitCode: 2, stderr: `${message}\n\n${overview()}` };
    if (!(error instanceof OperatorApiError)) return { exitCode: 3, stderr: message };
    const exitCode = error.status < 500 ? 1 : 3;
    // A program reads what the API has answered, also where it was refused.
    if (args.includes('--json')) return { exitCode, stdout: JSON.stringify(error.problem, null, 2) };
    return { exitCode, stderr: message };
  }
};
