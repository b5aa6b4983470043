// The same read-back for whoever composes and for whoever approves: what it is, where, whose, in which exact words, and whom it will reach.
import type { AlertSubject } from '@laba/domain/alert';
import type { Forecast } from '@laba/domain/forecast-view';
import { SpokenWords } from '../../acts/spoken-words.tsx';
import { AsOf } from '../../app/age.tsx';
import { LevelTag, ModeTag } from '../../app/mode-tag.tsx';
import { placeName, usePlaces } from '../../app/places.ts';
import { Said } from '../../app/said.tsx';
import { useLanguage, useWords } from '../../i18n/language.ts';
import { ForecastPanel, standInsOf } from './forecast-panel.tsx';
import { raiseWords } from './words.ts';

interface ReadBackProps {
  subject: AlertSubject;
  forecast: Forecast;
  asOfMs: number;
  minutes?: number | undefined;
}

export function ReadBack({ subject, forecast, asOfMs, minutes }: ReadBackProps) {
  const say = useWords(raiseWords);
  const language = useLanguage();
  const places = usePlaces();
  return (
    <div className="read-back">
      <p className="tags">
        <ModeTag mode={subject.mode} always /> <LevelTag level={subject.level} order={subject.order} />
      </p>
      <p>
        {say('areas')}{' '}
        <b>
          <Said>{forecast.area.map(({ code }) => placeName(places, code)).join(language === 'zh' ? '、' : ', ')}</Said>
        </b>
      </p>
      <p className="small">
        {say('from')} <Said>{forecast.issuer}</Said>
        {minutes === undefined ? null : ` · ${say('until', { n: minutes })}`}
      </p>
      <SpokenWords texts={forecast.texts} sounds={forecast.sounds} noVoice={forecast.noVoice} standIns={standInsOf(forecast)} />
      <h3 className="spread">
        {say('forecast')} <AsOf atMs={asOfMs} />
      </h3>
      <ForecastPanel forecast={forecast} />
    </div>
  );
}
