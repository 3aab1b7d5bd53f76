import * as z from 'zod';
import { Problem } from '../runtime/api.ts';
import { ResourceName } from '../runtime/env.ts';

/** Where a listener's parts are. */
const Listener = z.object({ functionName: ResourceName, queueUrl: z.url(), ruleArn: ResourceName });
export type Listener = z.infer<typeof Listener>;
export type Listeners = Readonly<Record<string, Listener>>;

/** What the stack tells of its listeners: JSON, by their names. */
export const ListenersEnv = z.object({
  LISTENERS: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.string(), Listener)),
});

/** @throws Problem 404 naming those there are */
export const listenerNamed = (listeners: Listeners, name: string): Listener => {
  const listener = listeners[name];
  if (listener) return listener;
  throw new Problem(
    404,
    'Not Found',
    `there is no listener ${name}; there are ${Object.keys(listeners).join(', ')}`,
  );
};
