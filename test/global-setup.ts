import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The assemblies that the tests run and look into, built once; in a process of its own, as the CDK is slow under jest. */
export default () => {
  execFileSync(process.execPath, [join(import.meta.dirname, '../local/assembly.ts'), '--every-adapter'], {
    stdio: 'inherit',
  });
};
