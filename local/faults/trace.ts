import type { EngineEvent } from '../aws/step-functions/execution-history.ts';
import type { Calls } from './calls.ts';
import { rootOf } from './gates.ts';

/** A call's answer, or AWS's error by its type, as the SDK's client gets them. */
type Answer = Readonly<Record<string, unknown>> & { readonly __type?: string };

/** What happened in the stack, to an observer who sees each thing when it takes effect. */
export type Happening =
  | {
      readonly kind: 'began';
      readonly invocation: string;
      readonly function: string;
      readonly event: unknown;
    }
  | {
      readonly kind: 'call';
      readonly invocation: string;
      readonly operation: string;
      readonly request: Readonly<Record<string, unknown>>;
      readonly answer: Answer;
    }
  /** Its caller was told so, though the handler itself may go on. `error` is undefined if it succeeded. */
  | { readonly kind: 'ended'; readonly invocation: string; readonly error?: string }
  /** An execution, by its name, has added an event to its history. */
  | { readonly kind: 'logged'; readonly execution: string; readonly event: EngineEvent };

/** Stripe's clients send forms. */
const FORM = 'application/x-www-form-urlencoded';

const idOf = (requestId: string): string => requestId.replaceAll('-', '');

/** Tells an observer what happens in the stack, in the order in which it takes effect. */
export const trace = (tell: ((happening: Happening) => void) | undefined) => ({
  /** Passes on the calls of functions, and tells those that are served. */
  through: (calls: Calls): Calls =>
    tell === undefined
      ? calls
      : {
          ...calls,
          began: (requestId, functionName, event) => {
            const name = functionName.split('-').at(-1) ?? functionName;
            // Copied: the engine still writes to the original.
            tell({
              kind: 'began',
              invocation: idOf(requestId),
              function: name,
              event: structuredClone(event),
            });
            calls.began(requestId, functionName, event);
          },
          serve: (request, answer) =>
            calls.serve(request, async () => {
              const answered = await answer();
              const { headers, url, body } = request;
              const invocation = rootOf(headers['x-amzn-trace-id'] ?? '');
              if (invocation)
                tell({
                  kind: 'call',
                  invocation,
                  operation: headers['x-amz-target']?.split('.')[1] ?? `Invoke ${url.pathname}`,
                  request: headers['content-type']?.startsWith(FORM)
                    ? Object.fromEntries(new URLSearchParams(String(body)))
                    : JSON.parse(String(body) || '{}'),
                  answer: JSON.parse(String(answered.body) || '{}'),
                });
              return answered;
            }),
        },
  ended: (requestId: string, error: string | undefined): void =>
    tell?.({ kind: 'ended', invocation: idOf(requestId), ...(error && { error }) }),
  logged: (execution: string, event: EngineEvent): void => tell?.({ kind: 'logged', execution, event }),
});
