// What is printed for a group: tags of its doors, and understanding cards (明白卡) of its households and members, in both languages.
import { Button } from 'antd';
import { print } from '../../app/print.ts';
import { useLanguage, useWords, type Language } from '../../i18n/language.ts';
import { useRoll } from './roll-context.ts';
import { ALL } from './roll-reads.ts';
import { rollWords, type RollKey } from './words.ts';

const VILLAGE_DIGITS = 12;

function cards(kind: 'households' | 'members', code: string, language: Language): string {
  return `/api/v1/cards/${kind}?${new URLSearchParams({ group: code, lang: language }).toString()}`;
}

function Sheet({ name, paths }: { name: RollKey; paths: Record<Language, string> }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const other = language === 'zh' ? 'en' : 'zh';
  return (
    <span className="acts">
      <Button onClick={() => print(paths[language])}>{say(name)}</Button>
      <Button type="link" aria-label={`${say(name)} ${say('otherLanguage')}`} onClick={() => print(paths[other])}>
        {say('otherLanguage')}
      </Button>
    </span>
  );
}

function listOf(what: 'rollcall/sheet' | 'rollcall.csv', alertId: string, code: string, language: Language): string {
  const asked = new URLSearchParams({ ...(code === ALL ? {} : { group: code }), lang: language });
  return `/api/v1/alerts/${encodeURIComponent(alertId)}/${what}?${asked.toString()}`;
}

/** The list itself: on paper, and for a spreadsheet. */
function Lists({ code }: { code: string }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const { alertId } = useRoll();
  const sheets = { zh: listOf('rollcall/sheet', alertId, code, 'zh'), en: listOf('rollcall/sheet', alertId, code, 'en') };
  return (
    <>
      <Sheet name="listSheet" paths={sheets} />
      <Button size="small" href={listOf('rollcall.csv', alertId, code, language)}>
        {say('csv')}
      </Button>
    </>
  );
}

export function Prints({ code }: { code: string }) {
  const say = useWords(rollWords);
  if (code === ALL || code.length < VILLAGE_DIGITS)
    return (
      <p className="acts roll-prints">
        <span>{say('print')}</span>
        <Lists code={code} />
        <span className="small">{say('printWhere')}</span>
      </p>
    );
  const tags = `/api/v1/rollcall/tags?group=${encodeURIComponent(code)}`;
  return (
    <p className="acts roll-prints">
      <span>{say('print')}</span>
      <Lists code={code} />
      {/* A tag says both languages. */}
      <Button size="small" onClick={() => print(tags)}>
        {say('tags')}
      </Button>
      <Button size="small" onClick={() => print(`${tags}&persons=true`)}>
        {say('tagsPersons')}
      </Button>
      <Sheet name="householdCards" paths={{ zh: cards('households', code, 'zh'), en: cards('households', code, 'en') }} />
      <Sheet name="memberCards" paths={{ zh: cards('members', code, 'zh'), en: cards('members', code, 'en') }} />
    </p>
  );
}
