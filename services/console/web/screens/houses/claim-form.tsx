// A code that lets one village house be enrolled: made for a place, said on the telephone, gone after a quarter of an hour.
import type { HouseClaim } from '@laba/domain/house-view';
import { Button, Form } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { PlaceSelect } from '../../app/place-select.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { useWords } from '../../i18n/language.ts';
import { MadeCode } from './made-code.tsx';
import { housesWords } from './words.ts';

export function ClaimForm() {
  const say = useWords(housesWords);
  const places = usePlaces();
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
      {claim === undefined ? null : (
        <MadeCode
          claim={{ ...claim, place: placeName(places, claim.gridCode), command: `./laba edge enrol --above ${location.origin} --code ${claim.code}` }}
        />
      )}
    </section>
  );
}
