import type * as z from 'zod';
import { InvalidInputError } from './errors.ts';

/**
 * Checks the input against its model.
 * @throws InvalidInputError naming each bad field
 */
export const validInput = <Model extends z.ZodType>(model: Model, input: unknown): z.infer<Model> => {
  const parsed = model.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
  );
};
