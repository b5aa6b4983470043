// Photos of a task: opened large on a press, and added by the officer. What cannot be taken says why, before it is sent where that can be known.
import { LIMITS } from '@laba/domain/limits';
import { CLOSED_TASK_STATES } from '@laba/domain/task';
import type { TaskDetail } from '@laba/domain/task-view';
import { Modal } from 'antd';
import { useState, type ChangeEvent } from 'react';
import { upload } from '../../api/client.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { paths, readTasksAnew } from './tasks.ts';
import { tasksWords } from './words.ts';

const TYPES = ['image/jpeg', 'image/png', 'image/webp'];
const MEGABYTE = 1_048_576;
const MOST_MB = LIMITS.photoUploadBytes / MEGABYTE;

function Large({ src, title, onClose }: { src: string; title: string; onClose: () => void }) {
  const frame = useWords(frameWords);
  return (
    <Modal open title={title} footer={null} width="90vw" onCancel={onClose} closable={{ 'aria-label': frame('close') }}>
      <img className="photo-large" src={src} alt={title} />
    </Modal>
  );
}

function usePhotoWords() {
  const say = useWords(tasksWords);
  return (file: File): string | undefined => {
    if (!TYPES.includes(file.type)) return say('photoType');
    if (file.size > LIMITS.photoUploadBytes) return say('photoSize', { mb: Math.ceil(file.size / MEGABYTE), most: MOST_MB });
    return undefined;
  };
}

type Told = { is: 'sending' | 'added' } | { is: 'wrong'; words: string } | { is: 'refused'; error: unknown };

function AddPhoto({ task }: { task: TaskDetail }) {
  const say = useWords(tasksWords);
  const wrong = usePhotoWords();
  const [told, tell] = useState<Told>();
  const add = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.target;
    const file = input.files?.[0];
    if (file === undefined) return;
    const words = wrong(file);
    if (words !== undefined) {
      tell({ is: 'wrong', words });
    } else {
      tell({ is: 'sending' });
      await upload(paths.photos(task.id), file).then(
        () => tell({ is: 'added' }),
        (error: unknown) => tell({ is: 'refused', error }),
      );
      await readTasksAnew();
    }
    // The same file may be chosen again.
    input.value = '';
  };
  return (
    <>
      <label className="file-button">
        {say('addPhoto', { mb: MOST_MB })}
        <input className="unseen" type="file" name="photo" accept={TYPES.join(',')} disabled={told?.is === 'sending'} onChange={(event) => void add(event)} />
      </label>
      <p role="status" className="small">
        {told?.is === 'sending' ? say('sending') : null}
        {told?.is === 'added' ? `✓ ${say('photoAdded')}` : null}
      </p>
      {told?.is === 'wrong' ? (
        <p role="alert" className="bad">
          ✕ {told.words}
        </p>
      ) : null}
      {told?.is === 'refused' ? (
        <>
          <p className="bad">✕ {say('photoBad')}</p>
          <ProblemNote error={told.error} />
        </>
      ) : null}
    </>
  );
}

export function Photos({ task, mayAct }: { task: TaskDetail; mayAct: boolean }) {
  const say = useWords(tasksWords);
  const [open, show] = useState<number>();
  const { id, photos, state } = task;
  const isClosed = (CLOSED_TASK_STATES as readonly string[]).includes(state);
  const why = isClosed ? say('photosClosed') : photos.length >= LIMITS.photosPerSubject ? say('photosFull', { n: photos.length }) : undefined;
  const openId = open === undefined ? undefined : photos[open];
  return (
    <>
      <h3>{say('photos')}</h3>
      {photos.length === 0 ? <p className="empty">{say('noPhotos')}</p> : null}
      <p className="photos">
        {photos.map((photo, at) => (
          <button key={photo} type="button" className="photo" aria-label={say('photoOf', { n: at + 1 })} onClick={() => show(at)}>
            <img src={paths.photo(id, photo)} alt="" loading="lazy" />
          </button>
        ))}
      </p>
      {mayAct ? why === undefined ? <AddPhoto task={task} /> : <p className="small">{why}</p> : null}
      {openId === undefined ? null : <Large src={paths.photo(id, openId)} title={say('photoOf', { n: (open ?? 0) + 1 })} onClose={() => show(undefined)} />}
    </>
  );
}
