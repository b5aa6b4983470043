// A recording for one language: sent when it is chosen. What is wrong with it is said beside it, before it is sent where that can be known.
import type { RecordingView } from '@laba/domain/bulletin-view';
import { LIMITS } from '@laba/domain/limits';
import { Button } from 'antd';
import { useState, type ChangeEvent } from 'react';
import { Listen } from '../../acts/spoken-words.tsx';
import { upload } from '../../api/client.ts';
import { languageName } from '../../i18n/language-name.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { paths } from './bulletins.ts';
import type { DraftText } from './draft.ts';
import { bulletinsWords } from './words.ts';
import { useWrongWords, WrongNote } from './wrong-note.tsx';

const MEGABYTE = 1_048_576;
const MOST_MB = LIMITS.bulletinUploadBytes / MEGABYTE;
const ACCEPT = '.wav,.flac,.ogg,.oga,.mp3,audio/wav,audio/flac,audio/ogg,audio/mpeg';

interface RecordingProps {
  text: DraftText;
  change: (part: Partial<DraftText>) => void;
}

function useSending({ change }: RecordingProps) {
  const sayWrong = useWrongWords();
  const [wrong, setWrong] = useState<string>();
  const [error, setError] = useState<unknown>();
  const send = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.target;
    const file = input.files?.[0];
    if (file === undefined) return;
    setError(undefined);
    const mb = Math.ceil(file.size / MEGABYTE);
    const isLarge = file.size > LIMITS.bulletinUploadBytes;
    setWrong(isLarge ? sayWrong({ wrong: 'file-large', figures: { mb, most: MOST_MB } }) : undefined);
    if (!isLarge) {
      change({ isSending: true });
      try {
        // The house looks at the file itself, not at what its name or the browser call it.
        const recording = await upload<RecordingView>(paths.recordings, new File([file], file.name, { type: 'application/octet-stream' }));
        change({ audioSha256: recording.sha256, recording, isSending: false });
      } catch (refused) {
        change({ isSending: false });
        setError(refused);
      }
    }
    // The same file may be chosen again.
    input.value = '';
  };
  return { send, wrong, error };
}

export function Recording({ text, change }: RecordingProps) {
  const say = useWords(bulletinsWords);
  const language = useLanguage();
  const { send, wrong, error } = useSending({ text, change });
  const { audioSha256, recording, isSending } = text;
  const name = languageName(text.language, language);
  return (
    <div className="recording" data-recording={text.language}>
      <span className="acts">
        <label className="file-button">
          {audioSha256 === null ? say('addRecording', { mb: MOST_MB }) : say('otherRecording')}
          <input className="unseen" type="file" accept={ACCEPT} disabled={isSending} onChange={(event) => void send(event)} />
        </label>
        {audioSha256 === null ? null : (
          <>
            <Listen sha256={audioSha256} name={name} />
            <Button size="small" onClick={() => change({ audioSha256: null, recording: undefined })}>
              {say('dropRecording')}
            </Button>
          </>
        )}
      </span>
      <p role="status" className="small">
        {isSending ? say('sending') : null}
        {!isSending && audioSha256 !== null
          ? recording === undefined
            ? say('recordingKept')
            : `✓ ${say('recordingIn', { n: recording.seconds, level: recording.levelDb })}`
          : null}
      </p>
      {wrong === undefined ? null : (
        <p role="alert" className="bad">
          ✕ {wrong}
        </p>
      )}
      {error === undefined ? null : <WrongNote error={error} />}
    </div>
  );
}
