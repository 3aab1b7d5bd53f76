import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { STEP_NAMES } from '../../saga/steps.ts';
import { listenersOf } from '../lib/templates.ts';
import { openConsole, press, reached, status, tones } from './console-page.ts';

let shop: Awaited<ReturnType<typeof openConsole>>;
let page: Page;
beforeAll(async () => {
  shop = await openConsole();
  page = await shop.page();
});
afterAll(() => shop.close());

const lane = (name: string) => page.locator(`.story-line[data-lane=${name}] strong`);
/** The row of the open order in one of the outside worlds' books. */
const book = (name: string) => page.getByRole('region', { name, exact: true }).locator('tr.mine td');
const allChecksHold = async () => {
  await page.locator('.check-ok').nth(4).waitFor();
  expect(await page.locator('.chip:not(.check-ok)').count()).toBe(0);
};

describe('a happy order', () => {
  it('turns the graph, and is heard by every listener', async () => {
    await press(page, 'Happy');
    await status(page, 'CONFIRMED');
    await reached(page, 'PublishOrderConfirmed', 'forward');
    expect(await tones(page)).toEqual({
      ...Object.fromEntries(STEP_NAMES.map((step) => [step, 'forward'])),
      PublishOrderConfirmed: 'forward',
    });
    const listeners = listenersOf('OrderConfirmed');
    await page
      .locator('.story-line.tone-told[data-lane=listeners]')
      .nth(listeners.length - 1)
      .waitFor();
    expect(await lane('events').allTextContents()).toEqual(['OrderConfirmed']);
    expect((await lane('listeners').allTextContents()).sort()).toEqual(listeners);
    expect(await book('Money').allTextContents()).toEqual([expect.any(String), '€25.00', '€0.00']);
    expect(await book('Parcels').allTextContents()).toEqual([expect.any(String), 'BOOKED']);
    await allChecksHold();
  });

  it('has told its customer, as HTML and in words alone', async () => {
    const mail = page.getByRole('article', { name: /^Your order ord_\w+ is confirmed$/ });
    await mail.waitFor();
    expect(await mail.locator('pre').textContent()).toContain('2 × MUG-WHITE, €12.50 each');
    const html = mail.frameLocator('iframe');
    await html.getByRole('heading', { name: /is confirmed$/ }).waitFor();
    expect(await html.getByRole('listitem').allTextContents()).toEqual(['2 × MUG-WHITE, €12.50 each']);
    expect(await mail.locator('iframe').getAttribute('sandbox')).toBe('');
  });

  it('can be cancelled by its customer', async () => {
    await page.getByRole('button', { name: 'Cancel order' }).click();
    await status(page, 'CANCELLED');
    await reached(page, 'OrderCancelled', 'undone');
    expect(await tones(page)).toMatchObject({ PublishOrderConfirmed: 'forward', RefundPayment: 'undone' });
    expect(await page.locator('.edge-handover').count()).toBe(1);
  });
});

describe('a refund that fails', () => {
  it('parks the order, until someone presses Resume', async () => {
    await press(page, 'Refund fails');
    await status(page, 'NEEDS_ATTENTION');
    await reached(page, 'ParkUndo', 'parked');
    expect(await tones(page)).toMatchObject({ CreateShipment: 'failed', RefundPayment: 'failed' });
    await page.locator('.check-waiting', { hasText: '1 parked' }).waitFor();
    expect(await book('Money').allTextContents()).toEqual([expect.any(String), '€25.00', '€0.00']);

    await page.getByRole('button', { name: 'Resume', exact: true }).first().click();
    await status(page, 'CANCELLED');
    await reached(page, 'OrderCancelled', 'undone');
    await page.locator('tr.mine td', { hasText: '€25.00' }).nth(1).waitFor();
    expect(await book('Money').allTextContents()).toEqual([expect.any(String), '€25.00', '€25.00']);
    await allChecksHold();
  });
});

describe('a fault of one’s own choice', () => {
  it('hits the next order', async () => {
    await page.getByText('Break the next order').click();
    await page.getByLabel('What', { exact: true }).selectOption('ReserveInventory');
    await page.getByLabel('What happens').selectOption('timeout-after');
    await page.getByRole('button', { name: 'Add this fault' }).click();
    await page.locator('.pending li', { hasText: 'ReserveInventory times out, and finishes late' }).waitFor();
    await press(page, 'Happy');
    await status(page, 'CANCELLED');
    await reached(page, 'OrderCancelled', 'undone');
    expect(await tones(page)).toMatchObject({ ReserveInventory: 'failed', ReleaseInventory: 'undone' });
    await page.locator('.pending').waitFor({ state: 'detached' });
  });
});

describe('an order of one’s own', () => {
  it('is placed from the catalogue', async () => {
    await page.getByText('An order of your own').click();
    await page.getByLabel('Product of line 1').selectOption('TEAPOT');
    await page.getByLabel('Quantity of line 1').fill('2');
    await page.getByLabel('Payment', { exact: true }).selectOption('pm_card_declined');
    await page.getByRole('button', { name: 'Place it: €118.00' }).click();
    await page.locator('.order-facts', { hasText: '2 × TEAPOT' }).waitFor();
    await status(page, 'CANCELLED');
    expect(await page.locator('.failure').textContent()).toContain('PaymentDeclinedError');
  });

  it('that is refused says why', async () => {
    await page.getByLabel('Quantity of line 1').fill('99');
    await page.route('**/orders', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 400, json: { detail: 'some items cannot be ordered' } })
        : route.continue(),
    );
    await page.getByRole('button', { name: 'Place it' }).click();
    await page.getByRole('alert').getByText('some items cannot be ordered').waitFor();
    await page.unroute('**/orders');
  });
});

it('nothing is loaded from elsewhere, and nothing is refused by the page’s own rules', async () => {
  const problems: string[] = [];
  const fresh = await shop.page();
  fresh.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  fresh.on('pageerror', (error) => problems.push(error.message));
  fresh.on('request', (request) => {
    if (!request.url().startsWith(shop.url)) problems.push(request.url());
  });
  await fresh.reload();
  await press(fresh, 'Undeliverable');
  await status(fresh, 'CANCELLED');
  expect(problems).toEqual([]);
});

describe('a listener that keeps failing', () => {
  it('leaves a dead letter, which Redrive delivers', async () => {
    await page.getByLabel('What', { exact: true }).selectOption('notify-customer');
    await page.getByLabel('What happens').selectOption('listener-error');
    await page.getByLabel('at every attempt').check();
    await page.getByRole('button', { name: 'Add this fault' }).click();
    await page.locator('.pending li', { hasText: 'notify-customer fails' }).waitFor();
    await press(page, 'Happy');
    await page.locator('.check-waiting', { hasText: 'Mails' }).waitFor();

    await page.getByRole('button', { name: 'Redrive notify-customer' }).click();
    await page.locator('.story-line.tone-told[data-name=notify-customer]').waitFor();
    await page.getByRole('button', { name: 'Redrive notify-customer' }).waitFor({ state: 'detached' });
    await allChecksHold();
  });

  it('hears what is replayed, and does nothing twice', async () => {
    const mails = () => page.getByRole('region', { name: 'Mailbox' }).locator('.figure b').textContent();
    const before = await mails();
    await page.getByLabel('The last hour, to').selectOption('notify-customer');
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.locator('.notice', { hasText: 'Replay completed.' }).waitFor();
    await allChecksHold();
    expect(await mails()).toBe(before);
  });
});
