// Whoever agreed on the telephone signs for what was written down as his words; everybody else sees that he has not yet.
import type { AlertView } from '@laba/domain/alert-view';
import { actOn, useAct } from '../../acts/act.ts';
import { HoldButton } from '../../acts/hold-button.tsx';
import { Age } from '../../app/age.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useWords } from '../../i18n/language.ts';
import { raiseWords } from './words.ts';

export function Countersign({ alert, officerId }: { alert: AlertView; officerId: string }) {
  const say = useWords(raiseWords);
  const { error, run } = useAct();
  const unsigned = alert.approvals.filter(({ means, countersignedAt }) => means === 'telephone-call-back' && countersignedAt === null);
  const [mine] = unsigned.filter((one) => one.officerId === officerId);
  if (unsigned.length === 0) return null;
  return (
    <section className="countersign" aria-labelledby="countersign-title">
      <h2 id="countersign-title">{say('unsignedTitle')}</h2>
      {unsigned.map(({ revision, officerId: by, officerName, words, at }) => (
        <p key={`${revision} ${by}`}>
          <Said>{officerName}</Said> {say('unsigned')} <Age atMs={Date.parse(at)} /> · <Said>{words}</Said>
        </p>
      ))}
      {mine === undefined ? (
        <p>{say('unsignedWho')}</p>
      ) : (
        <HoldButton label={`✎ ${say('holdSign')}`} look="approve" why={null} onHeld={run(() => actOn(alert, 'countersign'))} />
      )}
      {error === undefined ? null : <ProblemNote error={error} />}
    </section>
  );
}
