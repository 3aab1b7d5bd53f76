import type { HttpResponse } from '../http.ts';
import { json, objectIn } from '../json.ts';
import { parseStripeFault, type StripeFaults } from './faults.ts';

/** The local routes of the faults to come; they are not of Stripe's API. */
export const stripeFaultRoutes = (
  faults: StripeFaults,
): Readonly<Record<string, (body: Buffer) => Promise<HttpResponse>>> => ({
  'GET /dev/stripe/faults': async () => json(200, { faults: faults.pending() }),
  'DELETE /dev/stripe/faults': async () => {
    faults.forget();
    return json(200, { faults: [] });
  },
  'POST /dev/stripe/faults': async (body) => {
    try {
      const fault = parseStripeFault(objectIn(body));
      faults.add(fault);
      return json(202, fault);
    } catch (error) {
      return json(400, { message: (error as Error).message });
    }
  },
});
