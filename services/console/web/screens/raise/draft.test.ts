// What may be held, and what the house is asked, out of what an officer has chosen.
import type { TemplateView } from '@laba/domain/alert-view';
import { describe, expect, it } from 'vitest';
import { bodyOf, inOrder, missingOf, newDraft, withTemplate } from './draft.ts';

const words = [{ language: 'zh-CN', title: '标题', text: '话' }];
const order: TemplateView = {
  ...{ id: 'move', title: '转移', titleEn: 'Move', hazard: 'debris-flow', stage: 'now', kind: 'order', level: null, order: 'move-now' },
  ...{ eventCode: '11D00', texts: words, endTexts: [], cancelTexts: [], durationMinutes: 60 },
};
const warning: TemplateView = { ...order, id: 'rain', hazard: 'rainstorm', kind: 'warning', level: 'yellow', order: null };
const GROUP = '53332410020101';
const county = newDraft({ scopes: ['533324'] });

describe('a new alert', () => {
  it('has the place of whoever answers for one ticked already, the report’s before that, and never a county', () => {
    expect(county.areas).toEqual([]);
    expect(newDraft({ scopes: ['533324100201'] }).areas).toEqual(['533324100201']);
    expect(newDraft({ scopes: ['533324100201', '533324100202'] }).areas).toEqual([]);
    expect(newDraft({ scopes: ['533324'] }, { id: 'r', hazard: 'debris-flow', gridCode: GROUP }).areas).toEqual([GROUP]);
  });

  it('says what is missing, one thing after the other, and asks the house nothing before it can', () => {
    expect(missingOf(county)).toBe('missingTemplate');
    const chosen = withTemplate(county, warning, 'live', '');
    expect(missingOf(chosen)).toBe('missingArea');
    const placed = { ...chosen, areas: [GROUP] };
    expect(missingOf(placed)).toBe('missingIssuer');
    expect(bodyOf(placed)).toBeUndefined();
    const issued = { ...placed, issuer: '县气象台' };
    expect(missingOf(issued)).toBeUndefined();
    expect(missingOf({ ...issued, texts: [{ ...words[0]!, text: ' ' }] })).toBe('missingWords');
    expect(missingOf({ ...issued, minutes: undefined })).toBe('missingMinutes');
  });

  it('is a drill only for who typed it, in either language', () => {
    const drill = { ...withTemplate(county, order, 'drill', ''), areas: [GROUP] };
    for (const [confirmed, missing] of [
      ['', 'missingConfirmed'],
      ['演', 'missingConfirmed'],
      ['演练', undefined],
      [' Drill ', undefined],
    ] as const)
      expect(missingOf({ ...drill, confirmed })).toBe(missing);
    expect(withTemplate({ ...drill, confirmed: '演练' }, order, 'drill', '').confirmed).toBe('');
  });

  it('fills in whose warning it is for this kind of warning alone, and sends none that the officer was not asked for', () => {
    const rain = { ...withTemplate(county, warning, 'live', '县气象台'), areas: [GROUP] };
    expect(bodyOf(rain)).toMatchObject({ issuer: '县气象台' });
    expect(bodyOf(withTemplate(rain, order, 'live', ''))).not.toHaveProperty('issuer');
    expect(withTemplate(rain, warning, 'live', '县水务局').issuer).toBe('县水务局');
    expect(missingOf(withTemplate(rain, warning, 'live', ''))).toBe('missingIssuer');
    const own = { ...rain, issuer: '我写的', isIssuerOwn: true };
    expect(withTemplate(own, warning, 'live', '县水务局').issuer).toBe('我写的');
    expect(bodyOf(withTemplate(own, order, 'live', ''))).not.toHaveProperty('issuer');
    expect(bodyOf(withTemplate(own, warning, 'test', ''))).not.toHaveProperty('issuer');
  });

  it('leaves prepared words to the house, and names a place once', () => {
    const body = bodyOf({ ...withTemplate(county, order, 'live', ''), areas: [GROUP, '533324100201'] });
    expect(body).toEqual({
      ...{ mode: 'live', kind: 'order', level: null, order: 'move-now', templateId: 'move' },
      ...{ areaCodes: ['533324100201'], durationMinutes: 60 },
    });
  });

  it('offers the gravest first, and what fits the report before that', () => {
    const ids = (hazard?: string) => inOrder([warning, order], hazard).map(({ id }) => id);
    expect(ids()).toEqual(['move', 'rain']);
    expect(ids('rainstorm')).toEqual(['rain', 'move']);
  });
});
