// Clicks through a login in Chromium as a person would, for tests/peers/providers.py, and prints
// the page at the end of it.
//
//     node browser.mjs NODE_MODULES CHROMIUM URL USER

import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [modules, executablePath, url, user] = process.argv.slice(2);
// By its path, because it is installed elsewhere.
const { chromium } = createRequire(`${modules}/`)('playwright-core');

const folder = mkdtempSync(join(tmpdir(), 'peers-browser-'));
const browser = await chromium.launchPersistentContext(folder, {
  executablePath,
  headless: true,
  args: [
    // There is no sandbox for root, and only our own pages are opened.
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    // Nothing is asked outside of this machine, with or without a network.
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-proxy-server',
  ],
});
try {
  const page = await browser.newPage();
  page.setDefaultTimeout(90_000);
  await page.goto(url);
  await page.getByRole('button', { name: 'Sign in with OpenID Connect' }).click();
  await page.getByLabel('User').fill(user);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.waitForURL(url);
  console.log(await page.locator('body').innerText());
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
