import * as z from 'zod';
import {
  type AdapterName,
  adapterNames,
  environmentKey,
  needsOf,
  type Port,
  sandboxTableKey,
  type Told,
} from '../../configuration/adapters.ts';
import { ResourceName } from './env.ts';

/** How each adapter of a port is made: the sandbox from the table of its book, any other from what it is told. */
type Makers<P extends Port, Adapter> = {
  readonly [Name in AdapterName<P>]: Name extends 'sandbox'
    ? (table: string) => Adapter
    : (told: Told<P, Name>) => Promise<Adapter>;
};

/** An adapter is loaded when it is first called: whoever has chosen another never pays for it. */
const loaded = <Adapter extends object>(load: () => Promise<Adapter>): Adapter => {
  let loading: Promise<Adapter> | undefined;
  const call = async (name: string | symbol, args: readonly unknown[]) => {
    loading ??= load();
    const adapter = (await loading) as Readonly<
      Record<string | symbol, (...args: readonly unknown[]) => unknown>
    >;
    return adapter[name]?.(...args);
  };
  return new Proxy({} as Adapter, {
    // Not a promise: awaited, it would be asked for `then`.
    get: (_, name) => (name === 'then' ? undefined : (...args: readonly unknown[]) => call(name, args)),
  });
};

const STAGE = z.enum(['dev', 'staging', 'prod']);

/**
 * The part of an environment that says which adapter stands behind a port to the outside world:
 * `env(z.object({ PAYMENTS_TABLE }).and(adapterOf('paymentProvider', { sandbox, stripe: ... })))`. A sandbox never runs in
 * production.
 * @param makers one for each adapter that `configuration/adapters.ts` registers
 */
export const adapterOf = <P extends Port, Adapter extends object>(port: P, makers: Makers<P, Adapter>) => {
  const portKey = environmentKey(port);
  const names: readonly string[] = adapterNames(port);
  return z.looseObject({}).transform((environment, context): { readonly adapter: Adapter } => {
    const refuse = (path: PropertyKey[], message: string) => {
      context.addIssue({ code: 'custom', path, message });
      return z.NEVER;
    };
    const name = String(environment[portKey]);
    if (!names.includes(name)) return refuse([portKey], `is not one of ${names.join(', ')}`);
    const isSandbox = name === 'sandbox';
    if (isSandbox && environment.STAGE === 'prod')
      return refuse([portKey], 'the sandbox adapter is refused in stage prod');
    const { secrets, webhookSecrets, settings } = needsOf(port, name);
    const models: Readonly<Record<string, z.ZodType>> = {
      ...Object.fromEntries([...secrets, ...webhookSecrets].map((key) => [key, ResourceName])),
      ...settings,
    };
    const told = Object.keys(models);
    const { data, error } = z
      .object({
        STAGE,
        ...(isSandbox && { [sandboxTableKey(port)]: ResourceName }),
        ...Object.fromEntries(told.map((key) => [environmentKey(key), models[key] as z.ZodType])),
      })
      .safeParse(environment);
    for (const { path, message } of error?.issues ?? []) refuse(path, message);
    if (!data) return z.NEVER;
    const values = data as Readonly<Record<string, unknown>>;
    const make = makers[name as AdapterName<P>] as (told: unknown) => Adapter & Promise<Adapter>;
    return {
      adapter: isSandbox
        ? make(values[sandboxTableKey(port)])
        : loaded(() => make(Object.fromEntries(told.map((key) => [key, values[environmentKey(key)]])))),
    };
  });
};
