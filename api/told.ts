import type * as z from 'zod';

/** Nobody changes it, nor what is in it. */
export type ReadonlyDeep<T> = T extends object ? { readonly [Key in keyof T]: ReadonlyDeep<T[Key]> } : T;

/** What is told by a model: nobody changes it. */
export type Told<Model extends z.ZodType> = ReadonlyDeep<z.infer<Model>>;
