import type { Order } from '../api/answers/order.ts';
import type { Tone } from './timeline.ts';

export const STATUS_WORDS: Readonly<Record<Order['status'], string>> = {
  PENDING: 'under way',
  CONFIRMED: 'confirmed',
  CANCELLED: 'cancelled',
  NEEDS_ATTENTION: 'needs attention',
};
const STATUS_TONES: Readonly<Record<Order['status'], Tone>> = {
  PENDING: 'running',
  CONFIRMED: 'forward',
  CANCELLED: 'undone',
  NEEDS_ATTENTION: 'parked',
};

/** A sign that can be told apart without its colour. */
export const SIGNS: Readonly<Record<Tone, string>> = {
  forward: '✓',
  failed: '✕',
  undone: '↺',
  parked: '!',
  running: '•',
  told: '»',
};

export const Status = ({ status }: { status: Order['status'] }) => {
  const tone = STATUS_TONES[status];
  return (
    <span class={`pill tone-${tone}`}>
      <span aria-hidden="true">{SIGNS[tone]}</span> {status}
    </span>
  );
};
