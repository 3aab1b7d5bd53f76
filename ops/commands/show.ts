import { command } from '../command.ts';
import { wares } from '../order.ts';
import { clock, since } from '../words.ts';

export const show = command({
  summary: 'where an order is, and what failed',
  examples: ['show ord_309735cff1be776a5bc66192a9'],
  operands: ['orderId'],
  run: async (ask, { operands: { orderId }, now }) => {
    const path = { orderId };
    const [order, { entries }] = await Promise.all([
      ask('GET /ops/orders/{orderId}', { path }),
      ask('GET /ops/orders/{orderId}/timeline', { path }),
    ]);
    const givenUp = entries.flatMap((entry) =>
      entry.kind === 'delivery' && entry.outcome === 'dead-lettered' ? [entry] : [],
    );
    const { status, step, failure, cancelling, kept, erased, review } = order;
    const goOn = `npm run ops -- resume ${order.orderId}`;
    const lines: (readonly [string, string | false | undefined])[] = [
      ['order', order.orderId],
      ['status', `${status}${step ? `, in ${step}` : ''}`],
      ['ordered', wares(order)],
      ['placed', `${clock(order.placedAt)}, ${since(order.placedAt, now)} ago`],
      ['correlation id', order.correlationId],
      ['failed', failure && `${failure.message} (${failure.error})`],
      ['undone', failure?.undone && (failure.undone.join(', ') || 'nothing had to be')],
      [
        'waits',
        failure?.parked &&
          `in ${failure.parked.state} for ${since(failure.parked.since, now)}, because of ${failure.parked.error}`,
      ],
      ['go on', failure?.parked && goOn],
      ['keep', failure?.parked?.error === 'ShipmentDispatchedError' && `${goOn} --keep --note <words>`],
      ...givenUp.map(
        ({ name, detail: { type, error } }) =>
          ['undelivered', `${type} to ${name}: ${error}: npm run ops -- redrive ${name}`] as const,
      ),
      ['cancelled', cancelling && `asked for ${clock(cancelling.at)} by ${cancelling.by}`],
      ['kept', kept && `${clock(kept.at)} by ${kept.by}: ${kept.note}`],
      ['erased', erased && `personal data, ${clock(erased.at)} by ${erased.by}`],
      ['review', review && `${review.signals.join(', ')}, since ${clock(review.since)}`],
    ];
    const text = lines
      .filter(([, value]) => value)
      .map(([name, value]) => `${name.padEnd(14)}  ${value}`)
      .join('\n');
    return { data: order, text };
  },
});
