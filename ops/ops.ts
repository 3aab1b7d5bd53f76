import { run, USAGE, UsageError } from './commands.ts';
import { operatorApi } from './operator-api.ts';

const args = process.argv.slice(2);
if (args.includes('--help')) {
  console.log(USAGE);
} else {
  try {
    console.log(await run(args, operatorApi));
  } catch (error) {
    const isUsage = error instanceof UsageError;
    console.error(isUsage ? `${error.message}\n\n${USAGE}` : (error as Error).message);
    process.exitCode = isUsage ? 2 : 1;
  }
}
