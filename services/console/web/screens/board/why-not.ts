// Why an officer cannot write something down here: the house would refuse it anyway, and says so before the telephone is put down.
import { hasScope, roleMay, type Action } from '@laba/domain/officer';
import { session } from '../../api/session.ts';
import { queries } from '../../app/queries.ts';
import { useStore } from '../../app/store.ts';
import { useWords } from '../../i18n/language.ts';
import { actWords } from './act-words.ts';
import { useBoard } from './board-context.ts';

/** Undefined: he may. */
export function useWhyNot(action: Action, gridCode: string): string | undefined {
  const say = useWords(actWords);
  const { isOver } = useBoard();
  const standing = useStore(session);
  if (!('officer' in standing) || !roleMay(standing.officer.role, action)) return say('why.role');
  if (!hasScope(standing.officer, gridCode)) return say('why.scope');
  return isOver ? say('why.over') : undefined;
}

/** What was written down stands on this screen at once, whatever events it is told by. */
export const readBoardAnew = (alertId: string): Promise<void> =>
  queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(`/api/v1/alerts/${encodeURIComponent(alertId)}/`) });
