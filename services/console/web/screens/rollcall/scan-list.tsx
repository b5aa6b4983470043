// What came of the last scans: the newest large, with its household as it stands now; the others below it, and those that have not reached the house.
import type { TagView } from '@laba/domain/board-view';
import { Age } from '../../app/age.tsx';
import { ModeTag } from '../../app/mode-tag.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useStore } from '../../app/store.ts';
import { problemOf, problemWords } from '../../api/problem.ts';
import { useLanguage, useWords, type Language, type Say } from '../../i18n/language.ts';
import { HouseholdRow } from './household-row.tsx';
import { refused, waiting, type Scanned } from './marks.ts';
import { useRoll } from './roll-context.ts';
import { useOneHousehold } from './roll-reads.ts';
import { rollWords, type RollKey } from './words.ts';

const LOOKS = { moved: ['✓', 'good'], already: ['●', 'warn'], seen: ['○', 'warn'], wrong: ['✕', 'bad'] } as const;

const WRONG: Partial<Record<string, RollKey>> = { 'not-found': 'notOnList', 'out-of-scope': 'outOfArea', 'link-invalid': 'voidTag' };

/** Why a tag was not taken, in words that say what to do. */
function whyWrong(error: unknown, say: Say<RollKey>, language: Language): string {
  if (error === undefined) return say('noTag');
  const problem = problemOf(error);
  if (problem.code === 'link-invalid' && 'county' in problem) return say('otherCounty');
  const known = WRONG[problem.code];
  return known === undefined ? problemWords(problem, language) : say(known);
}

function Whose({ tagged }: { tagged: TagView }) {
  const say = useWords(rollWords);
  return (
    <>
      <Said>{`${tagged.doorplate} ${tagged.name}`}</Said> <small>{say(tagged.personId === null ? 'household' : 'person')}</small>
    </>
  );
}

function Household({ tagged }: { tagged: TagView }) {
  const { alertId } = useRoll();
  const say = useWords(rollWords);
  const { data, error } = useOneHousehold(alertId, tagged.householdId);
  if (data !== undefined) return <HouseholdRow household={data.household} door={undefined} round={data.round} isFar />;
  if (error === null) return null;
  return problemOf(error).code === 'not-found' ? <p className="bad">✕ {say('notOnList')}</p> : <ProblemNote error={error} />;
}

function Outcome({ scan }: { scan: Scanned }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const [icon, look] = LOOKS[scan.is];
  return (
    <>
      <span className={`chip ${look}`}>
        <span aria-hidden="true">{icon}</span> {say(`scan.${scan.is}`)}
      </span>{' '}
      {scan.tagged === null ? <Said>{scan.code}</Said> : <Whose tagged={scan.tagged} />}{' '}
      {scan.is === 'wrong' ? <span className="bad">{whyWrong(scan.error, say, language)}</span> : null}
      {scan.changed > 1 ? <span>{say('movedCount', { n: scan.changed })}</span> : null}
    </>
  );
}

export function LastScan({ scan }: { scan: Scanned | undefined }) {
  const say = useWords(rollWords);
  const { mode } = useRoll();
  const isWaiting = useStore(waiting).some((one) => one.is === 'scan');
  return (
    <div className="last-scan">
      <p role="status" data-last-scan={scan?.is}>
        {scan === undefined ? (
          say(isWaiting ? 'scanWaits' : 'noScans')
        ) : (
          <>
            <ModeTag mode={mode} /> <Outcome scan={scan} />
          </>
        )}
      </p>
      {scan?.tagged == null ? null : <Household key={scan.tagged.householdId} tagged={scan.tagged} />}
    </div>
  );
}

export function ScanList({ scanned }: { scanned: readonly Scanned[] }) {
  const say = useWords(rollWords);
  const { alertId, mode } = useRoll();
  const errors = useStore(refused);
  const late = useStore(waiting).filter((one) => one.is === 'scan' && one.alertId === alertId && errors[one.key] === undefined);
  if (scanned.length + late.length === 0) return null;
  return (
    <>
      <h3>{say('lastScans')}</h3>
      <ul className="plain-list scan-list" aria-label={say('lastScans')} tabIndex={0}>
        {late.toReversed().map((one) => (
          <li key={one.key} data-scan="waiting">
            <ModeTag mode={mode} /> <span className="chip warn">○ {say('scanWaits')}</span> <Said>{one.named}</Said> <Age atMs={one.writtenAtMs} />
          </li>
        ))}
        {scanned.map((scan) => (
          <li key={scan.key} data-scan={scan.is}>
            <ModeTag mode={mode} /> <Outcome scan={scan} /> <Age atMs={scan.atMs} />
          </li>
        ))}
      </ul>
    </>
  );
}
