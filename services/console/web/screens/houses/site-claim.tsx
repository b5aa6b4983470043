// A code that lets one gateway be enrolled at an activity room.
import type { GatewayClaim, SiteView } from '@laba/domain/gateway-view';
import { Button, Form, Select } from 'antd';
import { useState } from 'react';
import { post } from '../../api/client.ts';
import { placeName, usePlaces } from '../../app/places.ts';
import { ProblemNote } from '../../app/problem-note.tsx';
import { Said } from '../../app/said.tsx';
import { useWords } from '../../i18n/language.ts';
import { MadeCode } from './made-code.tsx';
import { housesWords } from './words.ts';

export function SiteClaim({ sites }: { sites: readonly SiteView[] }) {
  const say = useWords(housesWords);
  const places = usePlaces();
  const [claim, setClaim] = useState<GatewayClaim>();
  const [error, setError] = useState<unknown>();
  const make = async ({ siteId }: { siteId: string }) => {
    setError(undefined);
    try {
      setClaim(await post<GatewayClaim>('/api/v1/gateways/claim-codes', { siteId }));
    } catch (refused) {
      setError(refused);
    }
  };
  const options = sites.map(({ id, name, gridCode }) => ({ value: id, label: `${placeName(places, gridCode)} ${name} ${gridCode}`, title: '' }));
  const command = (code: string) => `LABA_URL=${location.origin} ./laba gateway claim --code ${code}`;
  return (
    <section aria-labelledby="enrol-gateway-title">
      <h2 id="enrol-gateway-title">{say('enrolGateway')}</h2>
      <Form layout="vertical" onFinish={(typed: { siteId: string }) => void make(typed)} requiredMark={false}>
        <Form.Item name="siteId" label={say('site')} rules={[{ required: true, message: say('chooseSite') }]}>
          <Select
            title=""
            showSearch={{ optionFilterProp: 'label' }}
            options={options}
            optionRender={({ label }) => <Said>{label}</Said>}
            labelRender={({ label }) => <Said>{label}</Said>}
            notFoundContent={say('noSite')}
          />
        </Form.Item>
        <Button type="primary" htmlType="submit">
          {say('makeCode')}
        </Button>
      </Form>
      {error === undefined ? null : <ProblemNote error={error} />}
      {claim === undefined ? null : (
        <MadeCode claim={{ ...claim, place: sites.find(({ id }) => id === claim.siteId)?.name ?? claim.siteId, command: command(claim.code) }} />
      )}
    </section>
  );
}
