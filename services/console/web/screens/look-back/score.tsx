// Chapter 6, look back: the points of a drill, and the whole rule beside them.
import { SCORE_PARTS, SCORE_RULE, STARS, type Score } from '@laba/domain/drill-score';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { lookBackWords } from './words.ts';

export function Rule({ score }: { score?: Score | null }) {
  const say = useWords(lookBackWords);
  const language = useLanguage();
  const shares = new Map((score?.shares ?? []).map((share) => [share.part, share]));
  const stars = STARS.map((row) => say('ruleStar', { from: row.from, stars: row.stars })).join(language === 'zh' ? '，' : ', ');
  return (
    <div className="rule">
      <h3>{say('rule')}</h3>
      <p>{say('ruleLead')}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('rulePart')}</th>
            <th scope="col">{say('rulePoints')}</th>
            {score ? <th scope="col">{say('ruleGot')}</th> : null}
          </tr>
        </thead>
        <tbody>
          {SCORE_PARTS.map((part) => {
            const share = shares.get(part);
            return (
              <tr key={part}>
                <th scope="row">{SCORE_RULE[part][language]}</th>
                <td className="figure">{SCORE_RULE[part].points}</td>
                {share === undefined ? null : <td className="figure">{share.of === 0 ? '–' : `${share.count} / ${share.of}`}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p>{say('ruleStars', { stars })}</p>
    </div>
  );
}

export function DrillScore({ score }: { score: Score | null }) {
  const say = useWords(lookBackWords);
  if (score === null) return <p>{say('notGraded')}</p>;
  return (
    <>
      <p className="points">
        <b>{score.points === null ? say('noScore') : say('scoreIs', { points: score.points })}</b>
      </p>
      <Rule score={score} />
    </>
  );
}
