import { describe, expect, it } from '@jest/globals';
import { OrderCancelled } from '../../../events/order-cancelled.ts';
import { OrderConfirmed } from '../../../events/order-confirmed.ts';
import { OrderKept } from '../../../events/order-kept.ts';
import { letterOf } from '../../../lambdas/listeners/letter.ts';

const { orderId } = OrderConfirmed.example.data;
const confirmed = (changes: Partial<typeof OrderConfirmed.example.data> = {}) =>
  letterOf({
    type: 'OrderConfirmed',
    ...OrderConfirmed.example,
    data: { ...OrderConfirmed.example.data, ...changes },
  });
const kept = (changes: Partial<typeof OrderKept.example.data> = {}) =>
  letterOf({ type: 'OrderKept', ...OrderKept.example, data: { ...OrderKept.example.data, ...changes } });
const cancelled = (changes: Partial<typeof OrderCancelled.example.data> = {}) =>
  letterOf({
    type: 'OrderCancelled',
    ...OrderCancelled.example,
    data: { ...OrderCancelled.example.data, ...changes },
  });

/** What a letter says first, before what was ordered. */
const says = ({ text }: { readonly text: string }) => text.split('\n')[0];

describe('a letter', () => {
  it('tells what was charged, where the parcel is, and what was ordered', () => {
    expect(confirmed()).toMatchObject({
      subject: `Your order ${orderId} is confirmed`,
      text: `We have charged €25.00 and your parcel is on its way: SBX5X0HQ2V7M3K9C4TZ1WBY.

You ordered:

- 2 × MUG-WHITE, €12.50 each

In all: €25.00`,
    });
  });

  it('lists each line of the order', () => {
    const items = [
      { sku: 'MUG-WHITE', quantity: 2, unitPriceCents: 1250 },
      { sku: 'TEAPOT', quantity: 1, unitPriceCents: 5900 },
    ];
    const { text, html } = confirmed({ items, totalCents: 8400 });
    expect(text).toContain('\n\n- 2 × MUG-WHITE, €12.50 each\n- 1 × TEAPOT, €59.00 each\n\nIn all: €84.00');
    expect(html).toContain(
      '<ul><li>2 × MUG-WHITE, €12.50 each</li><li>1 × TEAPOT, €59.00 each</li></ul>\n<p>',
    );
  });

  it('tells that nothing was charged, and not the name of our error', () => {
    const letter = cancelled();
    expect(letter.subject).toBe(`Your order ${orderId} is cancelled`);
    expect(says(letter)).toBe(
      'We could not complete your order. It costs you nothing: any payment of €25.00 is returned.',
    );
    expect(JSON.stringify(letter)).not.toContain('PaymentDeclinedError');
  });

  it('speaks of no money where an order was free', () => {
    const free = { totalCents: 0, items: [{ sku: 'MUG-WHITE', quantity: 2, unitPriceCents: 0 }] };
    expect(confirmed(free).text).toBe(
      'It costs you nothing, and your parcel is on its way: SBX5X0HQ2V7M3K9C4TZ1WBY.\n\nYou ordered:\n\n- 2 × MUG-WHITE',
    );
    expect(says(cancelled(free))).toBe('We could not complete your order.');
  });

  it.each([
    ['CancelledByCustomer', 'As you asked, we have cancelled your order.'],
    ['CancelledByOperator', 'We have cancelled your order.'],
  ])('tells of an order that had been confirmed (%s) that the money comes back', (reason, words) => {
    expect(says(cancelled({ reason }))).toBe(`${words} €25.00 is on its way back to you.`);
  });

  it.each([
    ['CancelledByCustomer', 2_500, 'As you asked, we have tried', ', and nothing of the €25.00 is refunded.'],
    ['CancelledByOperator', 2_500, 'We have tried', ', and nothing of the €25.00 is refunded.'],
    ['CancelledByCustomer', 0, 'As you asked, we have tried', '.'],
  ])(
    'tells of an order that was kept (%s, %d cents) that it comes, and of no refund',
    (reason, totalCents, tried, money) => {
      const letter = kept({ reason, totalCents });
      expect(letter.subject).toBe(`Your order ${orderId} could not be cancelled`);
      expect(says(letter)).toBe(
        `${tried} to cancel your order, but your parcel had already left: SBX5X0HQ2V7M3K9C4TZ1WBY. It comes as ordered${money}`,
      );
    },
  );

  it.each([
    [123_456, 'USD', '$1,234.56'],
    [5, 'EUR', '€0.05'],
    [2_500, 'JPY', '¥2,500'],
    [2_500, 'KWD', 'KWD\u00a02.500'],
  ])('writes %d minor units of %s as %s', (totalCents, currency, written) => {
    const items = [{ sku: 'MUG-WHITE', quantity: 1, unitPriceCents: totalCents }];
    const { text, html } = confirmed({ items, totalCents, currency });
    for (const form of [text, html]) {
      expect(form).toContain(`charged ${written} and`);
      expect(form).toContain(`1 × MUG-WHITE, ${written} each`);
      expect(form).toContain(`In all: ${written}`);
    }
  });
});

describe('the HTML of a letter', () => {
  it.each([confirmed, kept, cancelled])('says what the text says', (letter) => {
    const { subject, text, html } = letter();
    const read = html
      .slice(html.indexOf('<h1'))
      .replace(/<li>/g, '- ')
      .replace(/<[^>]*>/g, '\n')
      .split('\n')
      .filter(Boolean);
    expect(read).toEqual([subject, ...text.split('\n').filter(Boolean)]);
  });

  it('can be read out: it names its language and itself', () => {
    const { subject, html } = confirmed();
    expect(html).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(html).toContain(`<title>${subject}</title>`);
  });

  it('takes nothing of the order for HTML', () => {
    const signs = `<b>&'"</b>`;
    const items = [{ sku: signs, quantity: 1, unitPriceCents: 2_500 }];
    const { text, html } = confirmed({ items, trackingNumber: signs, orderId: signs });
    expect(text.split(signs)).toHaveLength(3);
    expect(html).not.toContain(signs);
    expect(html.split('&lt;b&gt;&amp;&#39;&quot;&lt;/b&gt;')).toHaveLength(5);
  });

  it('loads nothing, and runs nothing', () => {
    expect(confirmed().html).not.toMatch(/<(img|link|script|iframe|a)\b|url\(|https?:/);
  });
});
