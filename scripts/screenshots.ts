import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startStackProcess } from '../local/stack-process.ts';
import { openChromium } from './chromium.ts';
import { commandLine } from './command-line.ts';

commandLine(
  `npm run screenshots

Takes the pictures of the console that the docs show, in docs/images/, and writes them if one has changed. Needs Chromium,
and the font Inter (apt-get install fonts-inter): in another one every picture has changed.`,
  {},
);

const directory = join(import.meta.dirname, '../docs/images');
mkdirSync(directory, { recursive: true });

const browser = await openChromium();
const stack = await startStackProcess();
/** Where pictures are compared: the console's page is not let fetch any but its stack's. */
const blank = await browser.newPage();

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
/** Ids and times are others in every picture: so much of it may differ, and it shows the same. */
const NEGLIGIBLE = 0.02;

// What the page knows, and Node does not.
interface Picture {
  readonly width: number;
  readonly height: number;
}
declare const createImageBitmap: (png: Blob) => Promise<Picture>;
declare const OffscreenCanvas: new (
  width: number,
  height: number,
) => {
  getContext(kind: '2d'): {
    drawImage(picture: Picture, x: number, y: number): void;
    getImageData(
      x: number,
      y: number,
      width: number,
      height: number,
    ): Picture & { readonly data: Uint8Array };
  };
};

/** The share of pixels that differ: 1 where the pictures are not of one size. */
const shareThatDiffers = (...pictures: readonly [Buffer, Buffer]): Promise<number> =>
  blank.evaluate(
    async (encoded) => {
      const [before, after] = await Promise.all(
        encoded.map(async (png) => {
          const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height);
        }),
      );
      if (!before || !after || before.width !== after.width || before.height !== after.height) return 1;
      const [old, now] = [new Uint32Array(before.data.buffer), new Uint32Array(after.data.buffer)];
      return old.filter((pixel, index) => pixel !== now[index]).length / old.length;
    },
    pictures.map((picture) => picture.toString('base64')),
  );

const pictures = new Map<string, Buffer>();
const take = async (page: Page, name: string) => {
  // Until the notice has gone, and the worlds are up to date.
  await page.locator('.notice').waitFor({ state: 'hidden' });
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1_000);
  pictures.set(join(directory, `${name}.png`), await page.screenshot());
};

/** All or none, as several show one order. */
const keep = async () => {
  let areNew = false;
  for (const [path, taken] of pictures) {
    const isNew = !existsSync(path) || (await shareThatDiffers(readFileSync(path), taken)) > NEGLIGIBLE;
    console.log(`${path} ${isNew ? 'has changed' : 'has not changed'}`);
    areNew ||= isNew;
  }
  if (areNew) for (const [path, taken] of pictures) writeFileSync(path, taken);
};

try {
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

  await keep();
} finally {
  await browser.close();
  await stack.kill();
}
