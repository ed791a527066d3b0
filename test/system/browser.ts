import { type Browser, chromium } from 'playwright-core';
import { browser } from '../../scripts/test/programs.ts';

/** Starts Debian's Chromium without a window. It asks no host for anything of its own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browser,
    // Its own sandbox needs rights that a container's root lacks.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
