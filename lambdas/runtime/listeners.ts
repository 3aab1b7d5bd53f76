import * as z from 'zod';
import { ResourceName } from './env.ts';
import { Problem } from './problem.ts';

/** The function, queue and rule of a listener. */
const Listener = z.object({ functionName: ResourceName, queueUrl: z.url(), ruleArn: ResourceName });
export type Listener = z.infer<typeof Listener>;
/** Listeners by name. A map, as names come from outside: an object would also have `constructor` and the like. */
export type Listeners = ReadonlyMap<string, Listener>;

/** `notify-customer`, as operators call it, from `NotifyCustomer`. */
const commandName = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/**
 * What the stack says of its listeners, as JSON: their names, and the names of their parts, with `*` for the
 * listener's.
 */
export const ListenersEnv = z.object({
  LISTENERS: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(Listener.extend({ names: z.array(ResourceName) }))
    .transform(({ names, functionName, queueUrl, ruleArn }): Listeners => {
      const partsOf = (name: string): Listener => ({
        functionName: functionName.replace('*', name),
        queueUrl: queueUrl.replace('*', name),
        ruleArn: ruleArn.replace('*', name),
      });
      return new Map(names.map((name) => [commandName(name), partsOf(name)]));
    }),
});

/** @throws Problem naming the listeners that exist */
export const listenerNamed = (listeners: Listeners, name: string): Listener => {
  const listener = listeners.get(name);
  if (listener) return listener;
  throw new Problem(
    'listener-not-found',
    `there is no such listener; there are ${[...listeners.keys()].join(', ')}`,
  );
};
