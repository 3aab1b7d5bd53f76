import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * The system's Chromium, without a window and with a fresh profile: `CHROMIUM` says where it is, if not in a usual place.
 * @throws Error saying how to get it, where there is none
 */
export const openChromium = (): Promise<Browser> => {
  const executablePath = [process.env.CHROMIUM ?? '', ...PLACES].find((path) => path && existsSync(path));
  if (!executablePath)
    throw new Error('there is no Chromium: apt-get install chromium, or set CHROMIUM to its path');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};
