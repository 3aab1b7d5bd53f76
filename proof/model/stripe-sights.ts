import type { Happening } from '../../local/faults/trace.ts';
import { HELD } from './operations.ts';

type Call = Extract<Happening, { kind: 'call' }>;

interface Answer {
  readonly status?: string;
  readonly latest_charge?: { readonly refunded?: boolean } | null;
  readonly error?: {
    readonly type: string;
    readonly code?: string;
    readonly param?: string;
    readonly payment_intent?: { readonly status: string };
  };
}

/** An operation of the provider's, by its name and its answer. */
interface Seen {
  readonly name: string;
  readonly answer: string;
  readonly isRead?: true;
}

/**
 * A call of Stripe as the model's operation of the provider. What was refused because another call came first is told by
 * the next one.
 */
export const ofStripe = (path: string, { request, answer }: Call): Seen | undefined => {
  const { error, ...intent } = answer as Answer;
  const sight = (name: string, said: string, more: Pick<Seen, 'isRead'> = {}): Seen => ({
    name: `provider: ${name}`,
    answer: said,
    ...more,
  });
  const status = error?.payment_intent?.status;
  const [, , , id, verb] = path.split('/');
  if (path === '/v1/refunds')
    return !error || error.code === 'charge_already_refunded' ? sight('takes it back', HELD) : undefined;
  if (id === undefined) {
    if (!error) return sight('prepares', 'prepared');
    return error.param === 'payment_method' ? sight('prepares', 'refused') : undefined;
  }
  if (verb === undefined) {
    const { latest_charge } = intent;
    if (intent.status === 'requires_payment_method') return sight('commits', 'refused', { isRead: true });
    if (intent.status === 'canceled' || latest_charge?.refunded)
      return sight('commits', 'closed', { isRead: true });
    return intent.status === 'succeeded' ? sight('commits', 'done', { isRead: true }) : undefined;
  }
  if (verb === 'confirm') {
    // What is still awaited is neither charged nor refused.
    if (!error) return intent.status === 'succeeded' ? sight('commits', 'done') : undefined;
    if (error.type === 'card_error' || status === 'requires_payment_method')
      return sight('commits', 'refused');
    return status === 'canceled' ? sight('commits', 'closed') : undefined;
  }
  if (request.cancellation_reason !== undefined) return !error || status ? sight('closes', HELD) : undefined;
  return !error || status === 'canceled' ? sight('takes it back', HELD) : undefined;
};
