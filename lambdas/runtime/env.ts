import * as z from 'zod';

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

/** The name of a table, a bus or a state machine, as the stack hands it to a function. */
export const ResourceName = z.string().min(1);
