// The county's policy: every value with its meaning, unit, limits and start; what changes is shown before it is written.
import './no-eval.ts';
import { hasScope, roleMay, ROLES, ROLE_WORDS, type Officer } from '@laba/domain/officer';
import type { PolicyView } from '@laba/domain/policy';
import { Button, Modal } from 'antd';
import { useState } from 'react';
import { put } from '../../../api/client.ts';
import { problemOf } from '../../../api/problem.ts';
import { session } from '../../../api/session.ts';
import { AsOf } from '../../../app/age.tsx';
import { ProblemNote } from '../../../app/problem-note.tsx';
import { queries, useRead } from '../../../app/queries.ts';
import { hrefOf, useRoute } from '../../../app/route.ts';
import { Said } from '../../../app/said.tsx';
import { serverTimeOf } from '../../../app/server-time.ts';
import { useStore } from '../../../app/store.ts';
import { frameWords } from '../../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../../i18n/language.ts';
import { carriedOver, changesOf, FORM, POLICY, withValue, wrongIn, type Change, type Group, type Value } from './fields.ts';
import { FieldOf, useWrongWords, type Editing } from './policy-field.tsx';
import { labelOf, meaningOf, valueWords, wayOf } from './spoken.ts';
import { policyWords } from './words.ts';

const READ_AGAIN_MS = 30_000;

const timeOf = (at: string) => at.slice(0, 16).replace('T', ' ');

/** The policy alone, as it is written. */
const valuesOf = (view: PolicyView): Value => Object.fromEntries(FORM.fields.map(([name]) => [name, (view as unknown as Record<string, Value>)[name]]));

function Changes({ changes }: { changes: readonly Change[] }) {
  const say = useWords(policyWords);
  const language = useLanguage();
  return (
    <ul className="policy-changes">
      {changes.map(({ path, was, becomes }) => (
        <li key={path.join('.')} data-change={path.join('.')}>
          <b>{wayOf(path, language, say)}</b>
          <span className="block">
            {say('from')} <Said>{valueWords(was, path, language, say)}</Said> → {say('to')} <Said>{valueWords(becomes, path, language, say)}</Said>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The slower of two reads who changed what and when, before he does anything. */
function Meanwhile({ seen, now, onCarry, onDrop }: { seen: PolicyView; now: PolicyView; onCarry: () => void; onDrop: () => void }) {
  const say = useWords(policyWords);
  const { changedBy, changedAt } = now;
  const [head, tail] = changedBy === null ? [say('meanwhileNobody'), ''] : say('meanwhile', { who: '\n', at: timeOf(changedAt ?? '') }).split('\n');
  return (
    <div className="note" role="alert" data-meanwhile>
      <p className="bad">
        ✕ {head}
        {changedBy === null ? null : <Said>{changedBy}</Said>}
        {tail}
      </p>
      <Changes changes={changesOf(valuesOf(seen), valuesOf(now))} />
      <p className="acts">
        <Button type="primary" onClick={onCarry}>
          {say('carry')}
        </Button>
        <Button onClick={onDrop}>{say('drop')}</Button>
      </p>
    </div>
  );
}

interface Writing {
  seen: PolicyView;
  draft: Value;
  changes: readonly Change[];
  onWritten: (now: PolicyView) => void;
  onClose: () => void;
}

function WriteWindow({ seen, draft, changes, onWritten, onClose }: Writing) {
  const say = useWords(policyWords);
  const frame = useWords(frameWords);
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const write = async () => {
    setBusy(true);
    try {
      onWritten(await put<PolicyView>(POLICY, draft, { etag: `"${seen.version}"` }));
    } catch (refused) {
      setBusy(false);
      // Who changed what stands on the page, as soon as it is read.
      if (problemOf(refused).code === 'changed-meanwhile') onClose();
      else setError(refused);
    }
    await queries.invalidateQueries({ queryKey: [POLICY] });
  };
  return (
    <Modal
      open
      width={720}
      title={say('confirmTitle', { n: changes.length })}
      okText={say('confirmYes')}
      cancelText={frame('cancel')}
      confirmLoading={isBusy}
      onOk={() => void write()}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <Changes changes={changes} />
      {error === undefined ? null : <ProblemNote error={error} />}
    </Modal>
  );
}

function Acts({ editing, changes, onWrite, onUndo }: { editing: Editing; changes: readonly Change[]; onWrite: () => void; onUndo: () => void }) {
  const say = useWords(policyWords);
  const language = useLanguage();
  const wrongWords = useWrongWords();
  const [first] = editing.wrong;
  const path = first?.[0].split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)) ?? [];
  const wrong = first === undefined ? undefined : say('why.wrong', { n: editing.wrong.size, first: `${wayOf(path, language, say)}: ${wrongWords(first[1])}` });
  const why = changes.length === 0 ? say('why.nothing') : wrong;
  return (
    <p className="acts policy-acts">
      <Button type="primary" disabled={why !== undefined} aria-describedby="why-not-write" onClick={onWrite}>
        {say('write')}
      </Button>
      {changes.length === 0 ? null : <Button onClick={onUndo}>{say('undo')}</Button>}
      <span id="why-not-write" className="small" role="status">
        {why}
      </span>
    </p>
  );
}

interface Part {
  name: string;
  fields: Group['fields'];
}
const isGeneral = ([name, field]: Group['fields'][number]) => name === 'quietHours' || name === 'button' || (field.kind !== 'rows' && field.kind !== 'group');
/** What stands alone is one part; every other value of the first rank is one by itself. */
const PARTS: readonly [Part, ...Part[]] = [
  { name: 'general', fields: FORM.fields.filter(isGeneral) },
  ...FORM.fields.filter((one) => !isGeneral(one)).map((one) => ({ name: one[0], fields: [one] })),
];

/** One part at a time; the others say whether something in them is changed or wrong. */
function Parts({ editing, changes }: { editing: Editing; changes: readonly Change[] }) {
  const say = useWords(policyWords);
  const language = useLanguage();
  const { rest } = useRoute();
  const current = PARTS.find(({ name }) => name === rest[1]) ?? PARTS[0];
  const has = (part: Part, name: unknown) => part.fields.some(([one]) => one === name);
  const mark = (part: Part) => {
    if ([...editing.wrong.keys()].some((place) => has(part, place.split('.')[0]))) return ` ✕ ${say('isWrong')}`;
    return changes.some(({ path }) => has(part, path[0])) ? ` ● ${say('isChanged')}` : '';
  };
  const title = (part: Part) => (part.name === 'general' ? say('general') : labelOf([part.name], language));
  return (
    <>
      <nav className="sub-nav" aria-label={say('parts')}>
        {PARTS.map((part) => (
          <a key={part.name} href={hrefOf('admin', 'policy', part.name)} aria-current={part === current ? 'page' : undefined}>
            {title(part)}
            {mark(part)}
          </a>
        ))}
      </nav>
      <section aria-labelledby="policy-part" className="policy-fields">
        <h2 id="policy-part">{title(current)}</h2>
        {current.name === 'general' ? null : <p className="policy-whole">{meaningOf([current.name], language)}</p>}
        {current.fields.map(([name, field]) => (
          <FieldOf key={`${current.name} ${name}`} field={field} path={[name]} editing={editing} isInner={current.fields.length > 1} />
        ))}
      </section>
    </>
  );
}

function PolicyForm({ now, mayWrite }: { now: PolicyView; mayWrite: boolean }) {
  const say = useWords(policyWords);
  const [seen, see] = useState(now);
  const [draft, setDraft] = useState(() => valuesOf(now));
  const [isAsking, ask] = useState(false);
  const [written, tell] = useState<number>();
  const changes = changesOf(valuesOf(seen), draft);
  const begin = (view: PolicyView, values: Value) => {
    see(view);
    setDraft(values);
    ask(false);
  };
  // Who changes nothing has nothing to lose: he sees the new one at once.
  const isOld = now.version > seen.version;
  if (isOld && changes.length === 0) begin(now, valuesOf(now));
  const set = (path: (string | number)[] | readonly (string | number)[], value: Value) => {
    tell(undefined);
    setDraft((before) => withValue(before, path, value));
  };
  const editing: Editing = { draft, wrong: wrongIn(draft), set: mayWrite ? set : undefined };
  return (
    <>
      {written === undefined ? null : <p role="status">✓ {say('written', { n: written })}</p>}
      {isOld && changes.length > 0 ? (
        <Meanwhile
          seen={seen}
          now={now}
          onCarry={() => begin(now, carriedOver(valuesOf(seen), draft, valuesOf(now)))}
          onDrop={() => begin(now, valuesOf(now))}
        />
      ) : null}
      {mayWrite ? <Acts editing={editing} changes={changes} onWrite={() => ask(true)} onUndo={() => setDraft(valuesOf(seen))} /> : null}
      <Parts editing={editing} changes={changes} />
      {isAsking ? (
        <WriteWindow
          {...{ seen, draft, changes }}
          onClose={() => ask(false)}
          onWritten={(view) => {
            begin(view, valuesOf(view));
            tell(view.version);
          }}
        />
      ) : null}
    </>
  );
}

/** The whole county's, and so only for who has the whole county. */
const mayWriteIt = (me: Officer) => roleMay(me.role, 'officer.manage') && me.scopes.some((scope) => scope.length <= 6 && hasScope(me, scope));

export function PolicyPage() {
  const say = useWords(policyWords);
  const frame = useWords(frameWords);
  const language = useLanguage();
  const standing = useStore(session);
  const { data, error, dataUpdatedAt, refetch } = useRead<PolicyView>(POLICY, { changedBy: /^policy\./, every: READ_AGAIN_MS });
  if (!('officer' in standing)) return null;
  if (data === undefined) return error === null ? <p>{frame('loading')}</p> : <ProblemNote error={error} onRetry={() => void refetch()} />;
  const mayWrite = mayWriteIt(standing.officer);
  const roles = ROLES.filter((role) => role !== 'prefecture-officer' && roleMay(role, 'officer.manage')).map((role) => ROLE_WORDS[role][language]);
  return (
    <div className="policy">
      <p className="lead">{say('lead')}</p>
      <p className="spread">
        <span>
          {data.version === 0 ? say('startVersion') : say('version', { n: data.version })}
          {data.changedBy === null ? null : (
            <>
              {' · '}
              <Said>{data.changedBy}</Said> {timeOf(data.changedAt ?? '')}
            </>
          )}
        </span>
        <AsOf atMs={serverTimeOf(dataUpdatedAt)} />
      </p>
      {mayWrite ? null : <p role="note">{say('readOnly', { roles: roles.join(language === 'zh' ? '、' : ', ') })}</p>}
      <PolicyForm now={data} mayWrite={mayWrite} />
    </div>
  );
}
