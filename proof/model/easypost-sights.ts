import type { Happening } from '../../local/faults/trace.ts';
import { HELD } from './operations.ts';

type Call = Extract<Happening, { kind: 'call' }>;

interface Answer {
  readonly rates?: readonly object[];
  readonly messages?: readonly object[];
  readonly postage_label?: object | null;
  readonly selected_rate?: { readonly service: string } | null;
  readonly refund_status?: string | null;
  readonly tracker?: { readonly status: string } | null;
  readonly error?: object;
}

/** An operation of the carrier's, by its name and its answer. */
interface Seen {
  readonly name: string;
  readonly answer: string;
  readonly isRead?: true;
}

/** The one service that is used locally: what is bought by another is bought to be cancelled. */
const SENDS = 'GroundAdvantage';

/**
 * A call of EasyPost as the model's operations of the carrier. A look is whatever its handler has to learn by it; what was
 * refused because another call came first is told by the next one.
 */
export const ofEasypost = (path: string, { answer }: Call): readonly Seen[] => {
  const { rates, messages, postage_label, selected_rate, refund_status, tracker, error } = answer as Answer;
  if (error) return [];
  const sight = (name: string, said: string): Seen => ({ name: `carrier: ${name}`, answer: said });
  const read = (name: string, said: string): Seen => ({ ...sight(name, said), isRead: true });
  const isToBeSent = selected_rate?.service === SENDS;
  const isGivenBack = refund_status === 'submitted';
  const [, , , id, verb] = path.split('/');
  if (id === undefined) {
    if (rates?.length) return [sight('prepares', 'prepared')];
    return messages?.length ? [] : [sight('prepares', 'refused')];
  }
  if (verb === 'buy') return [isToBeSent ? sight('commits', 'done') : sight('takes it back', HELD)];
  // What was bought to be cancelled is taken back already, as far as the model knows.
  if (verb === 'refund')
    return isGivenBack ? [isToBeSent ? sight('takes it back', HELD) : read('takes it back', HELD)] : [];
  const hasLeft = tracker?.status === 'in_transit';
  return [
    read('has the parcel left', hasLeft ? 'left' : ''),
    ...(postage_label ? [read('commits', isToBeSent && !isGivenBack ? 'done' : 'closed')] : []),
    ...(isGivenBack ? [read('takes it back', HELD)] : []),
    ...(hasLeft ? [read('takes it back', 'left')] : []),
  ];
};
