// A mark that the house did not take: who marked meanwhile and how, and what the officer does about it. Nothing is written over unseen.
import { PERSON_STATUSES, type PersonStatus } from '@laba/domain/rollcall';
import { Button } from 'antd';
import { Refused } from '../../api/problem.ts';
import { Age } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { dropMark, say as tell, type Waiting } from './marks.ts';
import { rollWords } from './words.ts';

/** What the house adds when somebody else was first. */
interface Meanwhile {
  markedByName?: string | null;
  markedAtMs?: number | null;
  personStatus?: PersonStatus;
}

function meanwhileOf(error: unknown): Meanwhile | undefined {
  return error instanceof Refused && error.problem.code === 'changed-meanwhile' ? (error.problem satisfies object as Meanwhile) : undefined;
}

/** `version`: as the row stands now; undefined: it is not on the screen, and can only be left. */
export function RefusedMark({ one, error, version }: { one: Waiting; error: unknown; version: number | undefined }) {
  const say = useWords(rollWords);
  const language = useLanguage();
  const first = meanwhileOf(error);
  const status = first?.personStatus;
  const again = () => {
    const { key: _key, writtenAtMs: _at, ...said } = one;
    tell('version' in said && version !== undefined ? { ...said, version } : said);
  };
  return (
    <div className="clash" data-refused={one.key}>
      {first === undefined || status === undefined ? (
        <ProblemNote error={error} />
      ) : (
        <p className="bad" role="alert">
          ✕ {say('refusedOne')}:{' '}
          <Said>{say('markedMeanwhile', { who: first.markedByName ?? say('somebody'), status: PERSON_STATUSES[status][language] })}</Said>{' '}
          <Age atMs={first.markedAtMs ?? null} />
        </p>
      )}
      <p className="acts">
        {version === undefined ? null : (
          <Button size="small" onClick={again}>
            {say('anyway')}
          </Button>
        )}
        <Button size="small" onClick={() => dropMark(one.key)}>
          {say('leave')}
        </Button>
      </p>
    </div>
  );
}
