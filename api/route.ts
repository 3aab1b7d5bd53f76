import type * as z from 'zod';
import type { ProblemName } from './problems.ts';
import type { Told } from './told.ts';

/** What a route takes, and what it answers. */
export interface Route {
  /** The function that answers it, by its file. */
  readonly function: string;
  /** Names the call, for clients that are generated. */
  readonly operationId: string;
  /** What it does: the heading, too, of its section in `docs/api.md`. */
  readonly summary: string;
  readonly path?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** A provider calls it, whose signature the function checks: no authorizer does. */
  readonly isSigned?: true;
  /** Of success. */
  readonly status: 200 | 202;
  readonly answer: z.ZodObject;
  /** What the header `Location` of a success leads to. */
  readonly location?: string;
  /** Besides those that any route may answer. */
  readonly problems: readonly ProblemName[];
}

/** What a handler of such a route answers where all is well. */
export type AnswerOf<R extends Route> = R extends Route
  ? {
      readonly status: R['status'];
      readonly body: Told<R['answer']>;
    } & (R extends { readonly location: string }
      ? { readonly headers: { readonly location: string } }
      : { readonly headers?: never })
  : never;
