// A demo house with a real browser in front of it, for the tests of one file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { DemoLogin } from '@laba/host/demo/demo-file';
import { startHouse, type RunningHouse } from '@laba/host/start-house';
import { readConfig } from '@laba/runtime/config';

/** Debian's own, in a container. */
export function startChromium(...more: string[]): Promise<Browser> {
  // A machine without a language of its own would keep no Chinese file name.
  const env = { ...process.env, LANG: 'C.UTF-8' } as Record<string, string>;
  return chromium.launch({ env, executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', ...more] });
}

export interface ShownOptions {
  /** Settings beside a folder and ports of its own. */
  env?: Record<string, string>;
  /** For the browser's command line. */
  args?: readonly string[];
}

export class ShownHouse {
  dataDir!: string;
  running!: RunningHouse;
  browser!: Browser;
  /** What broke on a page, or was refused by the content policy. */
  readonly complaints: string[] = [];
  readonly #options: ShownOptions;
  #port = 0;

  constructor(options: ShownOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.dataDir = mkdtempSync(join(tmpdir(), 'laba-shown-'));
    await this.startHouse();
    this.browser = await startChromium(...(this.#options.args ?? []));
  }

  async close(): Promise<void> {
    await this.browser?.close();
    await this.running?.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  /** At the address that it had before. */
  async startHouse(): Promise<void> {
    const own = { LABA_DATA: this.dataDir, LABA_PORT: String(this.#port), LABA_MQTT_PORT: '0', LABA_LOG_LEVEL: 'silent' };
    this.running = await startHouse(readConfig({ ...own, ...this.#options.env }));
    this.#port = Number(new URL(this.running.house.url()).port);
  }

  get url(): string {
    return this.running.house.url();
  }

  loginOf(username: string): DemoLogin {
    return this.running.demo!.logins.find((login) => login.username === username)!;
  }

  /** `fine`: errors in the browser's console that are part of the story. */
  watch(page: Page, fine?: RegExp): void {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    if (fine === undefined) return;
    page.on('console', (message) => {
      if (message.type() === 'error' && !fine.test(message.text())) this.complaints.push(message.text());
    });
  }

  /** By the form that the page shows. */
  async signIn(page: Page, username: string): Promise<void> {
    await page.fill('input[name=username]', username);
    await page.fill('input[name=password]', this.loginOf(username).password);
    await page.click('button[type=submit]');
    await page.waitForSelector('#view section');
  }
}

/** Stands from before the first test of this group until after its last. */
export function shownHouse(options: ShownOptions = {}): ShownHouse {
  const shown = new ShownHouse(options);
  beforeAll(() => shown.open());
  afterAll(() => shown.close());
  return shown;
}
