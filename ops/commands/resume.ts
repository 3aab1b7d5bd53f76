import type { RequestTo } from '../../api/client.ts';
import { command, UsageError } from '../command.ts';

type Body = RequestTo<'POST /ops/orders/{orderId}/resume'>['body'];

/** What the API is told besides that the order goes on. @throws UsageError */
const bodyOf = (skip: string | undefined, isKept: boolean, note = ''): Body => {
  if (skip && isKept) throw new UsageError('--skip or --keep, not both: what is kept is not undone');
  if (!note !== !(skip || isKept))
    throw new UsageError(
      '--skip and --note go together: the undo, and how it was settled; or --keep and --note: why',
    );
  if (isKept) return { keep: { note } };
  return { resolutions: skip ? { [skip]: { note } } : {} };
};

export const resume = command({
  summary:
    'lets a parked order go on; --skip for an undo that was settled by hand, --keep where its parcel has left',
  examples: [
    'resume ord_309735cff1be776a5bc66192a9',
    'resume ord_309735cff1be776a5bc66192a9 --skip RefundPayment --note "refunded by hand"',
    'resume ord_309735cff1be776a5bc66192a9 --keep --note "the carrier will not call it back"',
  ],
  operands: ['orderId'],
  options: { skip: { takes: 'Undo' }, keep: {}, note: { takes: 'words' } },
  run: async (ask, { operands: { orderId }, options: { skip, keep, note } }) => {
    const body = bodyOf(skip, keep, note);
    const data = await ask('POST /ops/orders/{orderId}/resume', { path: { orderId }, body });
    return {
      data,
      text: `${orderId} goes on from ${data.resumed}${keep ? ', and is kept' : ''}`,
    };
  },
});
