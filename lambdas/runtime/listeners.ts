import * as z from 'zod';
import { ResourceName } from './env.ts';
import { Problem } from './problem.ts';

/** Where a listener's parts are. */
const Listener = z.object({ functionName: ResourceName, queueUrl: z.url(), ruleArn: ResourceName });
export type Listener = z.infer<typeof Listener>;
/** By name. A name that comes from outside is looked up in nothing that knows more names, as an object would. */
export type Listeners = ReadonlyMap<string, Listener>;

/** `NotifyCustomer`, as operators call it: `notify-customer`. */
const commandName = (name: string) => name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

/** What the stack tells of its listeners: JSON, their names, and of what each is made, with `*` for its name. */
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

/** @throws Problem naming those there are */
export const listenerNamed = (listeners: Listeners, name: string): Listener => {
  const listener = listeners.get(name);
  if (listener) return listener;
  throw new Problem(
    'listener-not-found',
    `there is no such listener; there are ${[...listeners.keys()].join(', ')}`,
  );
};
