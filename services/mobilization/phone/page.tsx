// The phone page as a whole: what is going on, what the county holds, and what can be said.
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Answer } from '@laba/domain/member';
import type { PhoneState, Saying } from '@laba/domain/phone-page';
import { AlertView, DrillBand, MoreWords } from './alert-view.tsx';
import { AnswerButtons } from './answer-buttons.tsx';
import { Doors, WayThere } from './doors.tsx';
import { Courier } from './courier.ts';
import { StateFollower } from './follow-state.ts';
import { makeId, type Kept, type Outbox, type Said } from './outbox.ts';
import { ReportHazard } from './report-hazard.tsx';
import { Command, Safety } from './safety.tsx';
import { Standing } from './standing.tsx';
import { WakeMe } from './wake.tsx';
import { WORDS, type Language } from './words.ts';

interface Given {
  /** The personal link's path. */
  base: string;
  first: PhoneState;
  outbox: Outbox;
}

export function PhonePage({ base, first, outbox }: Given) {
  const { state, kept, isUp, reportNumber, keep, forget } = useCounty({ base, first, outbox });
  const [language, setLanguage] = useLanguage();
  const said = saidLast(state, kept);
  const say = (answer: Saying, words?: string) => keep({ path: 'answers', body: { answer, ...(words === undefined ? {} : { words }) } });
  return (
    <>
      {state.mode === 'drill' && <DrillBand language={language} />}
      <main>
        <div class="top">
          <p class="who">
            {state.name}
            {state.areaNames.length > 0 && ` · ${state.areaNames.join('、')}`}
          </p>
          <button type="button" class="language" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
            {WORDS.otherLanguage[language]}
          </button>
        </div>
        <Safety state={state} kept={kept} language={language} onSay={keep} />
        <AlertView state={state} language={language} />
        <Standing state={state} kept={kept} isUp={isUp} reportNumber={reportNumber} language={language} onSeen={forget} />
        {state.isOpen ? (
          <AnswerButtons answer={said.answer} isKept={said.isKept} needsHelp={said.needsHelp} language={language} onSay={say} />
        ) : (
          <p class="hint">{WORDS.closed[language]}</p>
        )}
        <WayThere state={state} language={language} />
        <Command state={state} kept={kept} language={language} onSay={keep} />
        <ReportHazard language={language} onReport={keep} />
        <Doors state={state} kept={kept} language={language} onMark={keep} />
        <MoreWords state={state} language={language} />
        {state.isOpen && <WakeMe base={base} language={language} />}
      </main>
    </>
  );
}

/** What the county holds and what is still on its way to it. Times are the county's: this phone's clock may be set to anything. */
function useCounty({ base, first, outbox }: Given) {
  const [state, setState] = useState(first);
  const gapMs = useRef(isStored ? 0 : first.asOfMs - openedAtMs);
  const [kept, setKept] = useState<Kept[]>([]);
  const [isUp, setUp] = useState(navigator.onLine);
  const hear = (now: PhoneState): void => {
    gapMs.current = now.asOfMs - Date.now();
    setState(now);
  };
  const show = useCallback(() => outbox.list().then(setKept), [outbox]);
  const follower = useMemo(() => new StateFollower(base, { onState: hear, onLine: setUp }), [base]);
  const [reportNumber, setReportNumber] = useState<string>();
  const carried = (answer: unknown): void => {
    const { number } = (answer ?? {}) as { number?: string };
    if (number !== undefined) setReportNumber(number);
    void show();
    follower.now();
  };
  const courier = useMemo(() => new Courier(base, outbox, carried), [base, outbox]);
  useEffect(() => (void show(), follower.start(), courier.go()), []);
  // Whatever shows that the line is there is a reason to try.
  useEffect(() => (isUp ? courier.go() : undefined), [isUp]);
  useEffect(() => void (document.body.className = `mode-${state.mode}`), [state.mode]);
  const countyNow = () => Date.now() + gapMs.current;
  const keep = (said: Said) =>
    void outbox
      .add({ id: makeId(), callId: state.callId, ...said, saidAtMs: countyNow(), refused: null })
      .then(show)
      .then(() => courier.go());
  const forget = (one: Kept) => void outbox.remove(one).then(show);
  return { state, kept, isUp, reportNumber, keep, forget };
}

const openedAtMs = Date.now();
/** The page may come from the phone's own store, and be old. */
const isStored = navigator.serviceWorker?.controller != null;

/** What he said last, whether the county has it yet or not: the buttons go on from there. */
function saidLast(state: PhoneState, kept: readonly Kept[]): { answer: Answer | undefined; isKept: boolean; needsHelp: boolean } {
  let answer = state.answer?.answer;
  let isKept = false;
  let needsHelp = state.helpAtMs !== null;
  for (const { body, refused } of kept) {
    const saying = body['answer'] as Saying | undefined;
    if (refused !== null || saying === undefined) continue;
    if (saying === 'help' || saying === 'help-over') needsHelp = saying === 'help';
    else [answer, isKept] = [saying, true];
  }
  return { answer, isKept, needsHelp };
}

const LANGUAGE_KEY = 'laba-language';

function useLanguage(): [Language, (language: Language) => void] {
  const [language, setLanguage] = useState<Language>(() => (remembered() === 'en' ? 'en' : 'zh'));
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    try {
      localStorage.setItem(LANGUAGE_KEY, language);
    } catch {
      // A phone that keeps nothing begins in Chinese again.
    }
  }, [language]);
  return [language, setLanguage];
}

function remembered(): string | null {
  try {
    return localStorage.getItem(LANGUAGE_KEY);
  } catch {
    return null;
  }
}
