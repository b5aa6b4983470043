// What was refused, in the house's own words: as a note in its place, or told over the screen. The one place that shows errors.
import { Alert, App, Button } from 'antd';
import { problemOf, problemWords, type Problem } from '../api/problem.ts';
import { frameWords } from '../i18n/frame-words.ts';
import { useLanguage, useWords, type Language } from '../i18n/language.ts';

/** What was wrong just here; the house says it in English only. */
function detailOf({ detail, title, errors }: Problem): string | undefined {
  if (errors !== undefined && errors.length > 0) return errors.map(({ field, message }) => `${field.replaceAll('/', ' ').trim()}: ${message}`).join('; ');
  return detail === title ? undefined : detail;
}

function Detail({ problem }: { problem: Problem }) {
  const detail = detailOf(problem);
  return detail === undefined ? null : (
    <span lang="en" translate="no" className="detail">
      {detail}
    </span>
  );
}

export function ProblemNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const language = useLanguage();
  const say = useWords(frameWords);
  const problem = problemOf(error);
  return (
    <Alert
      type="error"
      role="alert"
      showIcon
      title={problemWords(problem, language)}
      description={<Detail problem={problem} />}
      action={onRetry === undefined ? undefined : <Button onClick={onRetry}>{say('retry')}</Button>}
    />
  );
}

/** `tell(error)`: over the screen, until it is closed. */
export function useTellProblem(): (error: unknown) => void {
  const { notification } = App.useApp();
  const language: Language = useLanguage();
  return (error) => {
    const problem = problemOf(error);
    notification.error({ title: problemWords(problem, language), description: <Detail problem={problem} />, duration: 0, role: 'alert' });
  };
}
