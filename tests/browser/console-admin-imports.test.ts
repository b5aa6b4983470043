// "Import and export" of the officers' console in a real browser: a list is checked, mended, written, goes out and comes in as it was.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { Client } from '@laba/host/cli/client';
import { installed } from '@laba/messaging/installed.test-kit';
import { unreadable } from './page-checks.ts';
import { openConsole, until, untranslated } from './shown-console.ts';
import { shownHouse } from './shown-house.ts';

const SHOTS = process.env['LABA_SHOTS'];
const HEAD = 'household_id,grid_code,doorplate,head_name,phone,needs,helper_member_id';
/** 演示户主 in GBK. */
const NAME_IN_GBK = Buffer.from('d1ddcabebba7d6f7', 'hex').toString('latin1');
const HOSTILE = '<img src=x onerror=alert(1)>\u202e反转';

describe.skipIf(!installed('chromium', 'chromium'))('import and export in Chromium', () => {
  const shown = shownHouse();
  const folder = mkdtempSync(join(tmpdir(), 'laba-import-'));

  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  afterEach(async () => {
    for (const context of shown.browser.contexts()) await context.close();
    expect(shown.complaints.splice(0)).toEqual([]);
  });

  async function judge(page: Page, name: string): Promise<void> {
    if (SHOTS !== undefined) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `imports-${name}.png`), fullPage: true });
    }
    expect(await unreadable(page), name).toEqual([]);
  }

  const group = () => shown.running.demo!.dasuo.groupCode;
  const households = (...rows: string[]) => `${[HEAD, ...rows].join('\n')}\n`;
  const count = async (page: Page, name: string) => Number(/\d+/.exec((await page.textContent(`[data-count=${name}]`)) ?? '')?.[0]);
  const open = (kind: string) => openConsole(shown, 'admin', `admin/imports/${kind}`);

  async function give(page: Page, bytes: string | Buffer, name = '户.csv'): Promise<void> {
    await page.waitForSelector('input[name=list-file]:enabled', { state: 'attached' });
    await page.setInputFiles('input[name=list-file]', { name, mimeType: 'application/vnd.ms-excel', buffer: Buffer.from(bytes) });
    await page.waitForSelector('[data-count=fresh]');
  }

  async function admin(): Promise<Client> {
    const client = new Client(shown.url);
    await client.signIn('admin', shown.loginOf('admin').password);
    return client;
  }

  const known = async (id: string) => (await shown.running.house.deps.db.read((q, t) => q.select().from(t.household))).find((one) => one.id === id);

  it('tells a file in GBK apart into new and known rows, writes it when told to, and the same file again changes nothing', async () => {
    const page = await open('households');
    await page.waitForSelector('main .empty');
    const file = Buffer.from(households(`gbk-1,${group()},1-2,${NAME_IN_GBK},13900001111,elderly,`, `gbk-2,${group()},,${NAME_IN_GBK}2,,,`), 'latin1');
    await give(page, file);
    expect([await count(page, 'fresh'), await count(page, 'changed'), await count(page, 'refused')]).toEqual([2, 0, 0]);
    expect(await page.textContent('[data-change=new] >> nth=0')).toContain('13900001111');
    await judge(page, 'checked-zh');
    expect(await known('gbk-1')).toBeUndefined();
    await page.locator('button:has-text("写入")').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('main .good:has-text("已写入：新增 2 行")');
    expect(await known('gbk-1')).toMatchObject({ headName: '演示户主', doorplate: '1-2' });
    await judge(page, 'written-zh');
    await give(page, file);
    expect([await count(page, 'fresh'), await count(page, 'unchanged')]).toEqual([0, 2]);
    expect(await page.locator('button:has-text("写入")').isDisabled()).toBe(true);
    expect(await page.textContent('#why-not-write')).toContain('没有要写入的');
    await give(page, households(`gbk-1,${group()},1-3,演示户主,13900001111,elderly,`));
    expect(await page.textContent('[data-change=changed]')).toContain('1-2 → 1-3');
  });

  it('names every fault by row and column with its cure, in both languages, writes nothing, and takes the mended file of the same name', async () => {
    const page = await open('households');
    const bad = households(
      `bad-1,5.33324E+13,一号,演示,,,`,
      `bad-2,${group()},1月2日,演示,,,`,
      `bad-3,${group()},三号,=HYPERLINK("x"),,,`.replaceAll('"', ''),
      `bad-4,${group()},四号,演示,12,,`,
      `bad-5,${group()},五号,${HOSTILE},,,`,
      `bad-5,${group()},五号,演示,,,`,
    );
    await give(page, bad);
    expect(
      await page.locator('[data-fault]').evaluateAll((rows) => rows.map((row) => (row as unknown as { dataset: { fault: string } }).dataset.fault)),
    ).toEqual(['2:grid_code', '3:doorplate', '4:head_name', '5:phone', '7:household_id']);
    expect(await page.textContent('.faults')).toContain('把这一列设为“文本”');
    expect(await page.locator('main img').count()).toBe(0);
    expect(await page.locator('button:has-text("写入")').isDisabled()).toBe(true);
    await judge(page, 'faults-zh');
    await page.click('header button.language');
    await page.waitForSelector('h3:has-text("To be mended")');
    expect(await untranslated(page, 'en')).toEqual([]);
    await judge(page, 'faults-en');
    expect(await known('bad-5')).toBeUndefined();
    await give(page, households(`bad-1,${group()},一号,演示,,,`));
    await page.click('button:has-text("Write it")');
    await page.waitForSelector('main .good:has-text("Written: new 1")');
  });

  it('a file that goes out comes in again as it was, and the large desk reads it too', async () => {
    const context = await shown.browser.newContext({ viewport: { width: 1920, height: 1080 } });
    const page = await openConsole(shown, 'admin', 'admin/imports/members', context);
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('a:has-text("导出现有名册")')]);
    const file = readFileSync(await download.path());
    expect(download.suggestedFilename()).toBe('laba-members.csv');
    await give(page, file, '成员.csv');
    expect([await count(page, 'fresh'), await count(page, 'changed'), await count(page, 'refused')]).toEqual([0, 0, 0]);
    expect(await count(page, 'unchanged')).toBeGreaterThan(50);
    await page.click('summary:has-text("文件的列")');
    await judge(page, '1920-zh');
    await page.click('header button.language');
    await judge(page, '1920-en');
  });

  it('refuses 100 MB before it is sent, and an Excel workbook with what to do', async () => {
    const page = await open('members');
    await page.waitForSelector('main .empty');
    const huge = join(folder, 'huge.csv');
    writeFileSync(huge, '');
    truncateSync(huge, 100 * 1_048_576);
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.setInputFiles('input[name=list-file]', huge);
    await page.waitForSelector('main .bad:has-text("文件有 100 MB，最大 32 MB")');
    expect(sent.filter((one) => one.startsWith('POST'))).toEqual([]);
    await give(page, Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2]), 'book.xlsx');
    expect(await page.textContent('.faults')).toContain('另存为“CSV UTF-8”');
  });

  it('when another administrator was quicker, nothing is written that was not seen, and it is checked anew', async () => {
    const page = await open('households');
    await give(page, households(`race-1,${group()},九号,演示,,,`));
    await (await admin()).upload('/api/v1/imports/households?dryRun=false', 'text/csv', Buffer.from(households(`race-1,${group()},八号,演示,,,`)));
    await page.click('button:has-text("写入")');
    await page.waitForSelector('main [role=alert]:has-text("又有变化")');
    await until(async () => (await count(page, 'changed')) === 1);
    expect(await page.textContent('[data-change=changed]')).toContain('八号 → 九号');
    expect(await known('race-1')).toMatchObject({ doorplate: '八号' });
    await judge(page, 'again-zh');
    await page.click('button:has-text("写入")');
    await page.waitForSelector('main .good');
    expect(await known('race-1')).toMatchObject({ doorplate: '九号' });
  });

  it('says to who may not import why, and nothing goes out to him', async () => {
    const page = await openConsole(shown, 'duty1', 'admin/imports');
    await page.waitForSelector('main:has-text("不能用这一页")');
    const duty = new Client(shown.url);
    await duty.signIn('duty1', shown.loginOf('duty1').password);
    await expect(duty.get('/api/v1/exports/members')).rejects.toMatchObject({ code: 'role-refused' });
  });
});
