import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openConsole, placing, reached, status } from './console-page.ts';

let shop: Awaited<ReturnType<typeof openConsole>>;
let page: Page;
beforeAll(async () => {
  shop = await openConsole('--payment', 'stripe');
  page = await shop.page();
  await page.getByText('An order of your own').click();
});
afterAll(() => shop.close());

const payBy = async (method: string) => {
  await page.getByLabel('Payment', { exact: true }).selectOption(method);
  await placing(page, () => page.getByRole('button', { name: 'Place it' }).click());
};
/** The page on which its customer authenticates; they press a button there. */
const authenticate = async (outcome: string) => {
  const link = page.getByRole('link', { name: 'Authenticate' });
  const [bank] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
  await bank.getByRole('button', { name: outcome }).click();
  await bank.getByText('You can close this page').waitFor();
  await bank.close();
};

describe('an order whose customer has to authenticate', () => {
  it('waits, and is confirmed once they have', async () => {
    await payBy('pm_card_authenticationRequired');
    await page.getByText('It is waiting for the customer to confirm the payment').waitFor();
    await reached(page, 'AwaitPayment', 'running');
    await authenticate('Complete');
    await status(page, 'CONFIRMED');
    await reached(page, 'AwaitPayment', 'forward');
    expect(await page.getByRole('link', { name: 'Authenticate' }).count()).toBe(0);
  });

  it('is cancelled where they cannot', async () => {
    await payBy('pm_card_authenticationRequired');
    await authenticate('Fail');
    await status(page, 'CANCELLED');
    expect(await page.locator('.failure').textContent()).toContain('PaymentDeclinedError');
  });
});

it('an order that a bank is to pay is confirmed by itself', async () => {
  await payBy('pm_success_de');
  await status(page, 'CONFIRMED');
  await reached(page, 'AwaitDebit', 'forward');
});
