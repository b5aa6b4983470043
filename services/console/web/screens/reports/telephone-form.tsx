// Chapter 1, report: what somebody tells on the telephone is written down while he speaks; one key more leads to the draft.
import { LIMITS } from '@laba/domain/limits';
import { HAZARDS, type Hazard } from '@laba/domain/report';
import { Alert, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { PlaceSelect } from '../../app/place-select.tsx';
import { ProblemNote } from '../../app/problem-note.tsx';
import { hrefOf } from '../../app/route.ts';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { reportsWords } from './words.ts';

interface Typed {
  gridCode: string;
  hazard: Hazard;
  text: string;
  reporterName?: string;
  reporterPhone?: string;
}

/** Where a draft is begun from a report. */
export const draftHref = (reportId: string) => hrefOf('raise', 'report', reportId);

const titled = (words: string) => words.slice(0, 1).toUpperCase() + words.slice(1);

export function TelephoneForm() {
  const say = useWords(reportsWords);
  const language = useLanguage();
  const [form] = Form.useForm<Typed>();
  const [number, setNumber] = useState<string>();
  const [error, setError] = useState<unknown>();
  const save = async (isDraftNext: boolean) => {
    const typed = await form.validateFields().catch(() => undefined);
    if (typed === undefined) return;
    setError(undefined);
    try {
      const given = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== undefined && value !== ''));
      const report = await post<{ id: string; number: string }>('/api/v1/reports', { ...given, source: 'telephone' });
      form.resetFields();
      setNumber(report.number);
      if (isDraftNext) location.assign(draftHref(report.id));
    } catch (refused) {
      setError(refused);
    }
  };
  const hazards = Object.entries(HAZARDS).map(([value, words]) => ({ value, label: titled(words[language]) }));
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={() => void save(false)} initialValues={{ hazard: 'debris-flow' }}>
      <Form.Item name="gridCode" label={say('place')} rules={[{ required: true, message: say('choosePlace') }]}>
        <PlaceSelect />
      </Form.Item>
      <Form.Item name="hazard" label={say('hazard')}>
        <Select options={hazards} />
      </Form.Item>
      <Form.Item name="text" label={say('words')} rules={[{ required: true, whitespace: true, message: say('sayWords') }]}>
        <Input.TextArea rows={3} maxLength={LIMITS.reportTextChars} />
      </Form.Item>
      <div className="two">
        <Form.Item name="reporterName" label={say('reporterName')}>
          <Input autoComplete="off" maxLength={LIMITS.nameChars} />
        </Form.Item>
        <Form.Item name="reporterPhone" label={say('reporterPhone')}>
          <Input type="tel" autoComplete="off" maxLength={LIMITS.nameChars} />
        </Form.Item>
      </div>
      {error === undefined ? null : <ProblemNote error={error} />}
      {number === undefined ? null : <Alert type="success" showIcon role="status" title={say('saved', { number })} />}
      <p className="acts">
        <Button type="primary" htmlType="submit">
          {say('save')}
        </Button>
        <Button onClick={() => void save(true)}>{say('saveAndDraft')}</Button>
      </p>
    </Form>
  );
}
