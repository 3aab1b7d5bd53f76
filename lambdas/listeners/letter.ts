import { CANCELLATIONS, wasConfirmed } from '../../saga/reasons.ts';
import type { Completion } from './notices.ts';

/** A mail's words, in both forms that it goes out in: whoever cannot show the one shows the other. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A paragraph, or the items of a list. */
type Block = string | readonly string[];

/** Minor units as people write them: 2500 is €25.00, or ¥2,500. */
const money = (minorUnits: number, currency: string) => {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.format(minorUnits / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
};

/** What has become of the order. */
const news = ({ type, data }: Completion): { readonly subject: string; readonly says: string } => {
  const { orderId } = data;
  const isFree = data.totalCents === 0;
  const total = money(data.totalCents, data.currency);
  if (type === 'OrderConfirmed') {
    return {
      subject: `Your order ${orderId} is confirmed`,
      says: `${isFree ? 'It costs you nothing,' : `We have charged ${total}`} and your parcel is on its way: ${data.trackingNumber}.`,
    };
  }
  if (type === 'OrderKept') {
    const { tried } = CANCELLATIONS[wasConfirmed(data.reason) ? data.reason : 'CancelledByOperator'].letter;
    return {
      subject: `Your order ${orderId} could not be cancelled`,
      says: `${tried} to cancel your order, but your parcel had already left: ${data.trackingNumber}. It comes as ordered${isFree ? '.' : `, and nothing of the ${total} is refunded.`}`,
    };
  }
  const [what, refund] = wasConfirmed(data.reason)
    ? [CANCELLATIONS[data.reason].letter.cancelled, `${total} is on its way back to you.`]
    : ['We could not complete your order.', `It costs you nothing: any payment of ${total} is returned.`];
  return { subject: `Your order ${orderId} is cancelled`, says: isFree ? what : `${what} ${refund}` };
};

/** What was ordered; nothing of money where it was free. */
const ordered = ({ data: { items, totalCents, currency } }: Completion): Block[] => {
  const isFree = totalCents === 0;
  const lines = items.map(
    ({ sku, quantity, unitPriceCents }) =>
      `${quantity} × ${sku}${isFree ? '' : `, ${money(unitPriceCents, currency)} each`}`,
  );
  return ['You ordered:', lines, ...(isFree ? [] : [`In all: ${money(totalCents, currency)}`])];
};

const textOf = (blocks: readonly Block[]): string =>
  blocks
    .map((block) => (typeof block === 'string' ? block : block.map((item) => `- ${item}`).join('\n')))
    .join('\n\n');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const htmlOf = (subject: string, blocks: readonly Block[]): string => {
  const body = blocks.map((block) =>
    typeof block === 'string'
      ? `<p>${escaped(block)}</p>`
      : `<ul>${block.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`,
  );
  // In the colours of whoever reads it, and with nothing that would have to be loaded: that would tell who has read it.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(subject)}</title>
</head>
<body style="max-width: 36em; margin: 0 auto; padding: 1em; font: 1em/1.5 sans-serif; overflow-wrap: anywhere">
<main>
<h1 style="font-size: 1.25em">${escaped(subject)}</h1>
${body.join('\n')}
</main>
</body>
</html>
`;
};

/** What the customer reads of how their order has ended: in its currency, and nothing of who they are. */
export const letterOf = (event: Completion): Letter => {
  const { subject, says } = news(event);
  const blocks = [says, ...ordered(event)];
  return { subject, text: textOf(blocks), html: htmlOf(subject, blocks) };
};
