// One report: what was told, where, by which way; verified as true or not, merged into another, or the beginning of a draft.
import type { ReportView } from '@laba/domain/report-view';
import { Button, Modal, Select } from 'antd';
import { useState } from 'react';
import { get, post } from '../../api/client.ts';
import { Age } from '../../app/age.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote, useTellProblem } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { frameWords } from '../../i18n/frame-words.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { draftHref } from './telephone-form.tsx';
import { reportsWords } from './words.ts';

interface CardProps {
  report: ReportView;
  /** Which it may be merged into. */
  others: readonly ReportView[];
  onChanged: () => void;
}

const verify = (id: string, body: { result: 'true' | 'false' | 'duplicate'; duplicateOf?: string }) => post(`/api/v1/reports/${id}/verify`, body);

function MergeWindow({ report, others, onChanged, onClose }: CardProps & { onClose: () => void }) {
  const say = useWords(reportsWords);
  const frame = useWords(frameWords);
  const [duplicateOf, choose] = useState<string>();
  const [error, setError] = useState<unknown>();
  const merge = async () => {
    try {
      await verify(report.id, { result: 'duplicate', ...(duplicateOf === undefined ? {} : { duplicateOf }) });
      onClose();
      onChanged();
    } catch (refused) {
      setError(refused);
    }
  };
  const options = others.map(({ id, number, text }) => ({ value: id, label: `${number} ${text.slice(0, 60)}` }));
  return (
    <Modal
      open
      title={say('duplicate')}
      okText={say('mergeYes')}
      okButtonProps={{ disabled: duplicateOf === undefined }}
      cancelText={frame('cancel')}
      onOk={() => void merge()}
      onCancel={onClose}
      closable={{ 'aria-label': frame('close') }}
    >
      <label className="field">
        {say('duplicateOf')}
        <Select
          options={options}
          onChange={choose}
          notFoundContent={say('noOther')}
          optionRender={({ data }) => <Said>{data.label}</Said>}
          aria-label={say('duplicateOf')}
        />
      </label>
      {error === undefined ? null : <ProblemNote error={error} />}
    </Modal>
  );
}

function Reporter({ id }: { id: string }) {
  const say = useWords(reportsWords);
  const tell = useTellProblem();
  const [told, setTold] = useState<Record<string, string>>();
  const show = () => get<{ reporter: Record<string, string> | null }>(`/api/v1/reports/${id}`).then(({ reporter }) => setTold(reporter ?? {}), tell);
  if (told === undefined)
    return (
      <Button size="small" onClick={() => void show()}>
        {say('reporterShow')}
      </Button>
    );
  return (
    <span>
      {say('reporter')}: <Said>{Object.values(told).filter(Boolean).join(' ')}</Said>
    </span>
  );
}

function Acts({ report, others, onChanged }: CardProps) {
  const say = useWords(reportsWords);
  const tell = useTellProblem();
  const [isMerging, setMerging] = useState(false);
  const isOpen = report.state === 'new';
  const say1 = (result: 'true' | 'false') => () => void verify(report.id, { result }).then(onChanged, tell);
  return (
    <p className="acts">
      {isOpen ? (
        <>
          <Button type="primary" size="small" onClick={say1('true')} aria-label={`${say('true')} ${report.number}`}>
            ✓ {say('true')}
          </Button>
          <Button size="small" onClick={say1('false')} aria-label={`${say('false')} ${report.number}`}>
            ✕ {say('false')}
          </Button>
          <Button size="small" onClick={() => setMerging(true)} aria-label={`${say('duplicate')} ${report.number}`}>
            {say('duplicate')}
          </Button>
        </>
      ) : null}
      {isOpen || report.state === 'true' ? (
        <Button size="small" danger href={draftHref(report.id)} aria-label={`${say('draft')} ${report.number}`}>
          {say('draft')}
        </Button>
      ) : null}
      {report.hasReporter ? <Reporter id={report.id} /> : null}
      {isMerging ? <MergeWindow report={report} others={others} onChanged={onChanged} onClose={() => setMerging(false)} /> : null}
    </p>
  );
}

const titled = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1);

export function ReportCard(props: CardProps) {
  const { report } = props;
  const say = useWords(reportsWords);
  const language = useLanguage();
  const places = usePlaces();
  return (
    <article className={`report-card ${report.state}`} data-report={report.id}>
      <h3 className="spread">
        <span>
          {titled(report.hazardWords[language])} · <Said>{placeName(places, report.gridCode)}</Said>
        </span>
        <Age atMs={Date.parse(report.receivedAt)} />
      </h3>
      <p>
        <Said block>{report.text}</Said>
      </p>
      {report.photo === null ? null : (
        <a href={report.photo} target="_blank" rel="noopener">
          <img src={report.photo} alt={say('photoOf', { number: report.number })} loading="lazy" />
        </a>
      )}
      <p className="small">
        {say(`source.${report.source}`)} · {say('number', { number: report.number })} · <b>{say(`state.${report.state}`)}</b>
        {report.mergedCount > 0 ? ` · ${say('merged', { n: report.mergedCount })}` : ''}
      </p>
      <Acts {...props} />
    </article>
  );
}
