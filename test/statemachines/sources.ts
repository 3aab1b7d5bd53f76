import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '../..');

const sources = globSync('lambdas/**/*.ts', { cwd: root })
  .sort()
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

/** `ChargePayment` is the state, `charge-payment` its file. */
const stateNameOf = (file: string): string =>
  basename(file, '.ts').replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** `lambdas/orders/api/place-order.ts` belongs to the service `orders`. */
const serviceOf = (file: string): string => file.split('/')[1] as string;

/** The files that export a handler, by the name of their function: `ChargePayment`. */
export const handlers: ReadonlyMap<string, { readonly file: string; readonly service: string }> = new Map(
  sources
    .filter(({ text }) => /^export const handler\b/m.test(text))
    .map(({ file }) => [stateNameOf(file), { file, service: serviceOf(file) }]),
);

/** Those that react to our events: `NotifyCustomer`. */
export const listeners = [...handlers]
  .filter(([, { service }]) => service === 'listeners')
  .map(([name]) => name);

/** The error classes' literal names, each with the service that exports it. */
export const errorClasses: ReadonlyMap<string, string> = new Map(
  sources.flatMap(({ file, text }) =>
    Array.from(text.matchAll(/^export class \w+ extends Error \{\s+override readonly name = '(\w+)';/gm)).map(
      ([, name]) => [name as string, serviceOf(file)] as const,
    ),
  ),
);
