// What of our tools is Go.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

const outputOf = (args: readonly string[], env = process.env): string | undefined => {
  const { status, stdout, stderr, error } = spawnSync('go', args, { encoding: 'utf8', env });
  if (error) return undefined;
  if (status !== 0) throw new Error((stderr || stdout).trim().split('\n').at(-1));
  return stdout.trim();
};

/**
 * Installs a tool in `.build/go`, unless it is there.
 * @param module its path: `github.com/stripe/stripe-mock`
 * @param version `v1.2.3`
 * @returns its command, and where its source is; undefined where there is no Go
 * @throws Error in one sentence, where it can't be installed
 */
export const goTool = (
  module: string,
  version: string,
): { readonly command: string; readonly source: string } | undefined => {
  const modules = outputOf(['env', 'GOMODCACHE']);
  if (modules === undefined) return undefined;
  const bin = join(root, '.build/go', version);
  const command = join(bin, module.split('/').at(-1) ?? '');
  const source = join(modules, `${module}@${version}`);
  if (!existsSync(command) || !existsSync(source)) {
    console.log(`Installing ${module} ${version}, once…`);
    outputOf(['install', `${module}@${version}`], { ...process.env, GOBIN: bin });
  }
  return { command, source };
};
