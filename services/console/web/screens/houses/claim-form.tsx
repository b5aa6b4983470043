// A code that lets one village house be enrolled: made for a place, said on the telephone, gone after a quarter of an hour.
import type { HouseClaim } from '@laba/domain/house-view';
import { Button, Form } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { spanWords } from '../../app/age.tsx';
import { PlaceSelect } from '../../app/place-select.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useServerNow } from '../../app/server-time.ts';
import { frameWords } from '../../i18n/frame-words.ts';
import { useWords } from '../../i18n/language.ts';
import { housesWords } from './words.ts';

function MadeCode({ claim }: { claim: HouseClaim }) {
  const say = useWords(housesWords);
  const span = useWords(frameWords);
  const places = usePlaces();
  const leftMs = Date.parse(claim.expiresAt) - useServerNow();
  return (
    <div className="made-code" role="status">
      <p>
        <Said>{say('codeFor', { place: placeName(places, claim.gridCode) })}</Said>
      </p>
      <p className="code" translate="no">
        {leftMs > 0 ? claim.code : <s>{claim.code}</s>}
      </p>
      <p>{leftMs > 0 ? say('codeLeft', { left: spanWords(leftMs, span) }) : <b className="bad">✕ {say('codeOver')}</b>}</p>
      <p className="small">{say('atTheBox')}</p>
      <pre translate="no">{`./laba edge enrol --above ${location.origin} --code ${claim.code}`}</pre>
    </div>
  );
}

export function ClaimForm() {
  const say = useWords(housesWords);
  const [form] = Form.useForm<{ gridCode: string }>();
  const [claim, setClaim] = useState<HouseClaim>();
  const [error, setError] = useState<unknown>();
  const make = async ({ gridCode }: { gridCode: string }) => {
    setError(undefined);
    try {
      setClaim(await post<HouseClaim>('/api/v1/houses/claim-codes', { gridCode }));
      form.resetFields();
    } catch (refused) {
      setError(refused);
    }
  };
  return (
    <section aria-labelledby="enrol-title">
      <h2 id="enrol-title">{say('enrol')}</h2>
      <Form form={form} layout="vertical" onFinish={(typed: { gridCode: string }) => void make(typed)} requiredMark={false}>
        <Form.Item name="gridCode" label={say('place')} rules={[{ required: true, message: say('choosePlace') }]}>
          <PlaceSelect tiers={['township', 'village', 'group']} />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {say('makeCode')}
        </Button>
      </Form>
      {error === undefined ? null : <ProblemNote error={error} />}
      {claim === undefined ? null : <MadeCode claim={claim} />}
    </section>
  );
}
