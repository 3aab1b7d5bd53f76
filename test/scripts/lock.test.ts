import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const { packages } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8'),
) as { packages: Readonly<Record<string, Locked>> };

/** Where Node would look for a package from a place in the tree: the same folder's node_modules, then each above it. */
const placesOf = (name: string, from: string): string[] => {
  const above = from.lastIndexOf('node_modules/');
  const here = `${from && `${from}/`}node_modules/${name}`;
  return from === '' ? [here] : [here, ...placesOf(name, from.slice(0, Math.max(0, above - 1)))];
};

/** `npm ci` installs what the lock file says, and refuses one that leaves out what another platform needs. */
it('the lock file holds every package that any package asks for, whatever platform it is for', () => {
  const missing = Object.entries(packages).flatMap(([from, locked]) =>
    Object.keys({
      ...locked.dependencies,
      ...locked.devDependencies,
      ...locked.optionalDependencies,
    })
      .filter((name) => from === '' || !locked.devDependencies?.[name])
      .filter((name) => !placesOf(name, from).some((place) => place in packages))
      .map((name) => `${from || 'package.json'} asks for ${name}`),
  );
  expect(missing).toEqual([]);
});
