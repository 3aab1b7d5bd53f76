// Starts functions as Lambda does: imports each bundle under an environment, and says why where it would not load.
// A process of its own: stdin takes the starts as JSON, stdout answers the reasons in their order, null where it went well.
import { text } from 'node:stream/consumers';

export interface Start {
  /** A file URL. */
  readonly bundle: string;
  /** All that there is in `process.env`. */
  readonly environment: Readonly<Record<string, string>>;
}

const starts: Start[] = JSON.parse(await text(process.stdin));
const reasons: (string | null)[] = [];
for (const [index, { bundle, environment }] of starts.entries()) {
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, environment);
  try {
    // The query makes it another module: its top level runs anew.
    const { handler } = await import(`${bundle}?${index}`);
    reasons.push(typeof handler === 'function' ? null : 'it exports no handler');
  } catch (error) {
    reasons.push((error as Error).message);
  }
}
console.log(JSON.stringify(reasons));
