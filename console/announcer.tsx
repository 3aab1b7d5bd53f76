import { short } from './format.ts';
import { STATUS_WORDS } from './status.tsx';
import type { Known } from './store.ts';

/** What changes without being looked at, said aloud; and what an action has led to, shown for a while. */
export const Announcer = ({ known: { order, notice, reachable } }: { known: Known }) => (
  <>
    <div class="unseen" role="status" aria-live="polite">
      {order && `Order ${short(order.orderId)}: ${STATUS_WORDS[order.status]}`}
    </div>
    <div class="notices">
      <div role="status" aria-live="polite">
        {notice && !notice.bad && (
          <p key={notice} class="notice">
            {notice.text}
          </p>
        )}
      </div>
      <div role="alert">
        {notice?.bad && (
          <p key={notice} class="notice notice-bad">
            {notice.text}
          </p>
        )}
        {!reachable && <p class="notice notice-stays notice-bad">The local stack does not answer.</p>}
      </div>
    </div>
  </>
);
