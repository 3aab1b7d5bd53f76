import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { Start } from './start-functions.ts';

/** Why each of these functions would not start, in their order; null where it does. In a process of its own. */
export const reasonsOf = async (starts: readonly Start[]): Promise<readonly (string | null)[]> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'start-functions.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(starts));
  return (await json(child.stdout)) as (string | null)[];
};
