import { type Command, UsageError } from '../command.ts';
import { pathOf } from '../order.ts';

export const resume: Command = {
  usage: '<orderId> [--skip <Undo> --note <words>]',
  summary: 'lets a parked order go on; --skip for an undo that was settled by hand',
  examples: [
    'resume ord_309735cff1be776a5bc66192a9',
    'resume ord_309735cff1be776a5bc66192a9 --skip RefundPayment --note "refunded by hand"',
  ],
  operands: ['orderId'],
  options: ['skip', 'note'],
  run: async (api, { operands: [orderId], values: { skip, note } }) => {
    if (!skip !== !note)
      throw new UsageError('--skip and --note go together: the undo, and how it was settled');
    const resolutions = skip ? { [skip]: { note } } : {};
    const data = await api.post<{ resumed: string }>(pathOf(orderId, '/resume'), { resolutions });
    return { data, text: `${orderId} goes on from ${data.resumed}` };
  },
};
