// What `npm run screenshots` does: takes the pictures of the console that the docs show, in docs/images/.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startStackProcess } from '../local/stack-process.ts';
import { openChromium } from './chromium.ts';

const directory = join(import.meta.dirname, '../docs/images');
mkdirSync(directory, { recursive: true });

const stack = await startStackProcess();
const browser = await openChromium();

interface View {
  readonly colorScheme: 'dark' | 'light';
  readonly width: number;
  readonly height: number;
}
const open = async ({ colorScheme, width, height }: View): Promise<Page> => {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(stack.url);
  await page.locator('.scenario:enabled').first().waitFor();
  return page;
};
const press = async (page: Page, scenario: string, status: string) => {
  await page.getByRole('button', { name: scenario }).first().click();
  await page.locator('.notice', { hasText: 'is placed' }).waitFor();
  await page.locator('.order-head .pill', { hasText: status }).waitFor();
};
const take = async (page: Page, name: string) => {
  // Until the notice has gone, and the worlds are up to date.
  await page.locator('.notice').waitFor({ state: 'hidden' });
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1_000);
  const path = join(directory, `${name}.png`);
  await page.screenshot({ path });
  console.log(`${path} (${Math.round(statSync(path).size / 1_000)} kB)`);
};

const dark = await open({ colorScheme: 'dark', width: 1440, height: 900 });
await press(dark, 'Out of stock', 'CANCELLED');
await press(dark, 'Lost response', 'CANCELLED');
await press(dark, 'Undeliverable', 'CANCELLED');
await press(dark, 'Happy', 'CONFIRMED');
await take(dark, 'happy-dark');

await press(dark, 'Refund fails', 'NEEDS_ATTENTION');
await take(dark, 'parked-dark');

const light = await open({ colorScheme: 'light', width: 1440, height: 900 });
await take(light, 'parked-light');

const phone = await open({ colorScheme: 'light', width: 390, height: 844 });
await press(phone, 'Undeliverable', 'CANCELLED');
await take(phone, 'undone-phone');

await light.getByRole('button', { name: 'Resume', exact: true }).click();
await light.locator('.order-head .pill', { hasText: 'CANCELLED' }).waitFor();
await take(light, 'resumed-light');

await browser.close();
await stack.kill();
