// npm run ops -- --help
import { run } from './run.ts';

const { exitCode, stdout, stderr } = await run(process.argv.slice(2));
if (stdout !== undefined) console.log(stdout);
if (stderr !== undefined) console.error(stderr);
process.exitCode = exitCode;
