import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { openConsole, placing, press, reached, status } from './console-page.ts';

const AXE = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let shop: Awaited<ReturnType<typeof openConsole>>;
beforeAll(async () => {
  shop = await openConsole();
});
afterAll(() => shop.close());

/** What has the focus, as it is called; past the last thing on the page nothing has. */
const FOCUSED = `(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()`;

/** Whether what has the focus shows it: by an outline, or, in a drawing, by a thicker line. */
const OUTLINED = `[document.activeElement, document.activeElement.querySelector('rect')].some((each) => {
  if (!each) return false;
  const { outlineStyle, strokeWidth } = getComputedStyle(each);
  return outlineStyle !== 'none' || parseFloat(strokeWidth) >= 3;
})`;

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
  readonly passes: readonly unknown[];
}

/** What axe-core has against the page as it is now. */
const violations = async (page: Page) => {
  // Colours that fade in are none that can be judged.
  await page.evaluate('Promise.all(document.getAnimations().map((each) => each.finished.catch(() => {})))');
  const results = (await page.evaluate('axe.run()')) as AxeResults;
  expect(results.passes.length).toBeGreaterThan(20);
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
};

/** Everything that can be seen is: a parked order, one that went through, what is folded. */
const everything = async (options: Parameters<typeof shop.page>[0]) => {
  const page = await shop.page({ ...options, reducedMotion: 'reduce' });
  await page.addInitScript({ path: AXE });
  await page.reload();
  for (const fold of await page.locator('.fold summary').all()) await fold.click();
  await press(page, 'Happy');
  await status(page, 'CONFIRMED');
  await press(page, 'Refund fails');
  await status(page, 'NEEDS_ATTENTION');
  await page.locator('.tasks li').first().waitFor();
  return page;
};

describe.each(['dark', 'light'] as const)('in %s colours', (colorScheme) => {
  it('axe-core finds nothing', async () => {
    const page = await everything({ colorScheme });
    expect(await violations(page)).toEqual([]);
    await page.getByText('1 parked').or(page.getByText('2 parked')).first().click();
    expect(await violations(page)).toEqual([]);
  });
});

describe.each(['dark', 'light'] as const)('a letter, in %s colours', (colorScheme) => {
  it('can be read by everybody: axe-core finds nothing', async () => {
    const page = await shop.page({ colorScheme });
    await press(page, 'Happy');
    const letter = page.locator('.mail-html').first();
    await letter.waitFor();
    await page.goto(new URL((await letter.getAttribute('src')) ?? '', shop.url).href);
    await page.evaluate(readFileSync(AXE, 'utf8'));
    const { violations: found } = (await page.evaluate('axe.run()')) as AxeResults;
    expect(found.map(({ id }) => id)).toEqual([]);
  });
});

it('the theme can be chosen, and is kept', async () => {
  const page = await shop.page({ colorScheme: 'dark' });
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
  const dark = await ground();
  await page.getByRole('button', { name: 'Switch to light' }).click();
  const light = await ground();
  expect(light).not.toBe(dark);
  await page.reload();
  await page.getByRole('button', { name: 'Switch to dark' }).waitFor();
  expect(await ground()).toBe(light);
});

describe.each([
  ['on a screen', {}],
  ['on a phone', PHONE],
])('%s', (_, options) => {
  it('no name leaves its box, or lies under a sign', async () => {
    const page = await everything(options);
    const crowded = await page.evaluate(`(() => {
      const inkOf = (element) => {
        const range = document.createRange();
        range.selectNodeContents(element);
        return range.getBoundingClientRect();
      };
      const outside = [...document.querySelectorAll('.node-name')].filter((name) => {
        const [text, box] = [name, name.parentNode.querySelector('.node-box')].map((each) => each.getBoundingClientRect());
        return text.left < box.left || text.right > box.right;
      });
      const under = [...document.querySelectorAll('.scenario')].filter((button) => {
        const [text, sign] = ['strong', '.scenario-sign'].map((each) => inkOf(button.querySelector(each)));
        return text.right > sign.left && text.top < sign.bottom;
      });
      return [...outside, ...under].map(({ textContent }) => textContent);
    })()`);
    expect(crowded).toEqual([]);
  });
});

describe('on a phone', () => {
  it('nothing is wider than the screen, and axe-core finds nothing', async () => {
    const page = await everything(PHONE);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const outside = await page.locator('body *:visible').evaluateAll((elements) =>
      elements.flatMap((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < 0 || right > 390 ? [element.outerHTML.slice(0, 80)] : [];
      }),
    );
    expect(outside).toEqual([]);
    expect(await violations(page)).toEqual([]);
  });

  it('the graph goes down', async () => {
    const page = await shop.page(PHONE);
    const box = await page.locator('.graph svg').boundingBox();
    expect(box?.height).toBeGreaterThan(box?.width ?? Infinity);
  });
});

describe('by keyboard alone', () => {
  /** Presses Tab until what has the focus says so. */
  const tabTo = async (page: Page, name: RegExp) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      if (name.test((await page.evaluate(FOCUSED)) as string)) {
        expect(await page.evaluate(OUTLINED)).toBe(true);
        return;
      }
    }
    throw new Error(`Tab does not lead to ${name}`);
  };

  it('an order can be parked, looked at, and resumed', async () => {
    const page = await shop.page();
    await tabTo(page, /^Skip to the order/);
    await tabTo(page, /^!?Refund fails/);
    await placing(page, () => page.keyboard.press('Enter'));
    await reached(page, 'ParkUndo', 'parked');
    await tabTo(page, /^RefundPayment failed/);
    await page.locator('.graph-caption', { hasText: 'RefundPayment failed, 11 attempts' }).waitFor();
    await page.locator('h1').click();
    await tabTo(page, /^Resume$/);
    await page.keyboard.press('Enter');
    await status(page, 'CANCELLED');
    expect(await page.locator('.unseen[role=status]').textContent()).toMatch(/cancelled$/);
  });
});
