// Step 1: which words, and whether it is real: one press chooses both.
import { MODE_WORDS, MODES, type Mode } from '@laba/domain/alert';
import type { TemplateView } from '@laba/domain/alert-view';
import { Button, Input, type InputRef } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { LevelTag, ModeTag } from '../../app/mode-tag.tsx';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { inOrder, onlyMode, type Draft } from './draft.ts';
import { initialsOf } from './initials.ts';
import { raiseWords } from './words.ts';

interface TemplateStepProps {
  draft: Draft;
  templates: readonly TemplateView[];
  choose: (template: TemplateView, mode: Mode) => void;
}

function useTitle() {
  const language = useLanguage();
  return ({ title, titleEn }: TemplateView) => (language === 'zh' ? title : titleEn);
}

function Row({ template, modes, choose }: { template: TemplateView; modes: readonly Mode[]; choose: TemplateStepProps['choose'] }) {
  const language = useLanguage();
  const title = useTitle()(template);
  return (
    <li data-template={template.id}>
      <LevelTag level={template.level} order={template.order} />
      <Said>{title}</Said>
      <span className="modes">
        {modes.map((mode) => (
          <Button
            key={mode}
            size="small"
            className={`mode-choice ${mode}`}
            aria-label={`${MODE_WORDS[mode][language]} ${title}`}
            onClick={() => choose(template, mode)}
          >
            {MODE_WORDS[mode][language]}
          </Button>
        ))}
      </span>
    </li>
  );
}

const findable = ({ title, titleEn, id }: TemplateView) => `${title} ${titleEn} ${id} ${initialsOf(title)}`.toLowerCase();

function TemplateList({ draft, templates, choose }: TemplateStepProps) {
  const say = useWords(raiseWords);
  const [wanted, want] = useState('');
  const box = useRef<InputRef>(null);
  useEffect(() => box.current?.focus(), []);
  const isBound = draft.updated?.alert.mode;
  const modesOf = (template: TemplateView) => {
    const only = onlyMode(template);
    return MODES.filter((mode) => (only === undefined || only === mode) && (isBound === undefined || isBound === mode));
  };
  const hazard = draft.report?.hazard;
  const ordered = useMemo(() => inOrder(templates, hazard).map((template) => ({ template, words: findable(template) })), [templates, hazard]);
  const shown = ordered.filter(({ template, words }) => words.includes(wanted.trim().toLowerCase()) && modesOf(template).length > 0);
  return (
    <>
      <Input
        value={wanted}
        ref={box}
        autoComplete="off"
        aria-label={say('findTemplate')}
        placeholder={say('findTemplate')}
        onChange={(event) => want(event.target.value)}
      />
      {shown.length === 0 ? <p className="empty">{say('noTemplate')}</p> : null}
      <ul className="templates" aria-label={say('template')}>
        {shown.map(({ template }) => (
          <Row key={template.id} template={template} modes={modesOf(template)} choose={choose} />
        ))}
      </ul>
    </>
  );
}

export function TemplateStep(props: TemplateStepProps) {
  const { draft, choose } = props;
  const say = useWords(raiseWords);
  const titleOf = useTitle();
  const [isOpen, setOpen] = useState(draft.subject === undefined);
  const chosen = draft.subject;
  if (isOpen || chosen === undefined)
    return (
      <TemplateList
        {...props}
        choose={(template, mode) => {
          setOpen(false);
          choose(template, mode);
        }}
      />
    );
  return (
    <p className="spread chosen">
      <span>
        <ModeTag mode={chosen.mode} always /> <LevelTag level={chosen.level} order={chosen.order} />{' '}
        {draft.template === undefined ? say('asItSounds') : <Said>{titleOf(draft.template)}</Said>}
      </span>
      <Button size="small" onClick={() => setOpen(true)}>
        {say('otherTemplate')}
      </Button>
    </p>
  );
}
