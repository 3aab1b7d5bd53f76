import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startStackProcess } from '../../local/stack-process.ts';
import { openChromium } from '../../scripts/chromium.ts';

/**
 * The local stack, and a browser to look at its console with.
 * @param args further options of `npm start`
 */
export const openConsole = async (...args: readonly string[]) => {
  // Retries of minutes, in a second; and nobody is let in who does not say who it is, as on AWS.
  const stack = await startStackProcess({ args: ['--auth', '--time-scale', '0.004', ...args] });
  const browser: Browser = await openChromium();
  return {
    url: stack.url,
    /** A new page, as someone sees it who comes for the first time. */
    page: async (options: BrowserContextOptions = {}): Promise<Page> => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      await page.goto(stack.url);
      await page.locator('.scenario:enabled').first().waitFor();
      return page;
    },
    close: async () => {
      await browser.close();
      await stack.kill();
    },
  };
};

/** Does what places an order, and waits until that is the open one. */
export const placing = async (page: Page, act: () => Promise<void>): Promise<void> => {
  const before = new URL(page.url()).hash;
  await act();
  await page.waitForURL((url) => url.hash !== before && url.hash !== '');
};

/** Presses a scenario's button. */
export const press = (page: Page, scenario: string): Promise<void> =>
  placing(page, () => page.getByRole('button', { name: scenario }).first().click());

/** Until the open order has come to a status. */
export const status = (page: Page, wanted: string): Promise<void> =>
  page.locator('.order-head .pill', { hasText: wanted }).waitFor();

/** Until the graph shows that the order has come to a state: its timeline is asked for by itself. */
export const reached = (page: Page, state: string, tone: string): Promise<void> =>
  page.locator(`[data-state=${state}][data-tone=${tone}]`).waitFor();

/** The colour of each state that the order has come to. */
export const tones = async (page: Page): Promise<Record<string, string>> =>
  Object.fromEntries(
    await page
      .locator('[data-state][data-tone]')
      .evaluateAll((nodes) =>
        nodes.map((node) => [node.getAttribute('data-state') ?? '', node.getAttribute('data-tone') ?? '']),
      ),
  );
