import { globSync } from 'node:fs';
import { join } from 'node:path';
import { type Contract, keyOf } from '../events/contract.ts';

/** Tells a contract from whatever else a file of `events/` exports. */
export const isContract = (value: unknown): value is Contract =>
  typeof value === 'object' &&
  value !== null &&
  ['type', 'version', 'detail', 'example'].every((key) => key in value);

/**
 * Every contract that the files of `directory` export, in the order of their keys.
 * @throws Error where two of them are the same version of the same event
 */
export const contractsIn = async (directory: string): Promise<Contract[]> => {
  const files = globSync('*.ts', { cwd: directory });
  const modules: object[] = await Promise.all(files.map((file) => import(join(directory, file))));
  const found = modules
    .flatMap((module) => Object.values(module).filter(isContract))
    .sort((a, b) => a.type.localeCompare(b.type) || a.version - b.version);
  const twice = found.find(
    (contract, index) => index > 0 && keyOf(contract) === keyOf(found[index - 1] as Contract),
  );
  if (twice) throw new Error(`two contracts are ${keyOf(twice)}: one of them must be another version`);
  return found;
};

/** Those of `events/`. */
export const contracts: readonly Contract[] = await contractsIn(join(import.meta.dirname, '../events'));
