import * as z from 'zod';
import { ADAPTERS, type Port } from '../../configuration/adapters.ts';

/** The configuration is wrong. It names every bad key at once, so that one look at the log is enough. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  constructor(issues: readonly string[]) {
    super(`bad configuration: ${issues.join('; ')}`);
  }
}

/**
 * Reads a function's environment by its model, when the function starts.
 * @throws ConfigurationError naming every missing or bad key
 */
export const env = <Model extends z.ZodType>(model: Model): z.infer<Model> => {
  const parsed = model.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
  );
};

/** A value that the stack hands over as JSON: `Json.pipe(Model)`. */
export const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});

/** The name of a table, a bus or a state machine, as the stack hands it to a function. */
export const ResourceName = z.string().min(1);

/**
 * Which adapter stands behind a port to the outside world. A sandbox never runs in production.
 * Use as `z.object({ STAGE, MAILER: adapterOf('mailer') }).superRefine(noSandboxInProd('MAILER'))`.
 */
export const adapterOf = (port: Port) => z.enum(ADAPTERS[port]);
export const STAGE = z.enum(['dev', 'staging', 'prod']);
export const noSandboxInProd =
  <Key extends string>(key: Key) =>
  (model: { STAGE: string } & Record<Key, string>, context: z.RefinementCtx) => {
    if (model.STAGE === 'prod' && model[key] === 'sandbox') {
      context.addIssue({
        code: 'custom',
        path: [key],
        message: 'the sandbox adapter is refused in stage prod',
      });
    }
  };
