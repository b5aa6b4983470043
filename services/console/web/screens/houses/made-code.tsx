// A claim code that was just made: large enough to be read over the telephone, with what to type at the box.
import { spanWords } from '../../app/age.tsx';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { housesWords } from './words.ts';

interface Claim {
  code: string;
  expiresAt: string;
  place: string;
  command: string;
}

export function MadeCode({ claim }: { claim: Claim }) {
  const say = useWords(housesWords);
  const span = useWords(frameWords);
  const leftMs = Date.parse(claim.expiresAt) - useServerNow();
  return (
    <div className="made-code" role="status">
      <p>
        <Said>{say('codeFor', { place: claim.place })}</Said>
      </p>
      <p className="code" translate="no">
        {leftMs > 0 ? claim.code : <s>{claim.code}</s>}
      </p>
      <p>{leftMs > 0 ? say('codeLeft', { left: spanWords(leftMs, span) }) : <b className="bad">✕ {say('codeOver')}</b>}</p>
      <p className="small">{say('atTheBox')}</p>
      <pre translate="no">{claim.command}</pre>
    </div>
  );
}
