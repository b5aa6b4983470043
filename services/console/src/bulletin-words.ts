// Chapter 6, watch: the words of routine broadcasts.
import type { Words } from '@laba/domain/reason-words';

type Data = Record<string, unknown>;
type Names = Readonly<Record<'place', string>>;

const number = (value: unknown) => String(Number(value ?? 0));
/** The hour, as the county's clock shows it. */
const hour = ({ startTime }: Data) => (typeof startTime === 'string' ? startTime.slice(5, 16).replace('T', ' ') : '');

const DROPPED: Readonly<Record<string, Words>> = {
  late: { zh: '系统当时不在', en: 'the house was away' },
  'quiet-hours': { zh: '在免打扰时段内', en: 'it lies in the quiet hours' },
  empty: { zh: '区域内没有喇叭', en: 'no loudspeaker is there' },
};

const decided =
  (zh: string, en: string) =>
  ({ place }: Names, data: Data): Words => ({
    zh: `${place} 日常广播${zh}，${number(data['speakers'])} 个喇叭`,
    en: `${place}: a routine broadcast was ${en}, ${number(data['speakers'])} loudspeakers`,
  });

export const BULLETIN_WORDS: Readonly<Record<string, (names: Names, data: Data) => Words>> = {
  'bulletin.recording-added': (_, data) => ({
    zh: `上传广播录音，${number(Math.round(Number(data['durationMs'] ?? 0) / 1_000))} 秒`,
    en: `A recording for broadcasts was added, ${number(Math.round(Number(data['durationMs'] ?? 0) / 1_000))} s`,
  }),
  'bulletin.made': decided('已安排', 'planned'),
  'bulletin.changed': decided('已修改', 'changed'),
  'bulletin.approved': decided('经第二人同意', 'agreed to by a second officer'),
  'bulletin.held': ({ place }) => ({
    zh: `${place} 日常广播暂停：系统由备份恢复，请值班员再确认一次`,
    en: `${place}: a routine broadcast waits: the house came out of a backup, an officer agrees once more`,
  }),
  'bulletin.stopped': ({ place }) => ({ zh: `${place} 日常广播已停止`, en: `${place}: a routine broadcast was stopped` }),
  'bulletin.time-planned': ({ place }, data) => ({
    zh: `${place} 日常广播 ${hour(data)} 已下发`,
    en: `${place}: the routine broadcast of ${hour(data)} goes out to the boxes`,
  }),
  'bulletin.time-dropped': ({ place }, data) => {
    const why = DROPPED[String(data['reason'])];
    return {
      zh: `${place} 日常广播 ${hour(data)} 未播出${why === undefined ? '' : `：${why.zh}`}`,
      en: `${place}: the routine broadcast of ${hour(data)} was dropped${why === undefined ? '' : `: ${why.en}`}`,
    };
  },
  'bulletin.time-cancelled': ({ place }, data) => ({
    zh: `${place} 日常广播 ${hour(data)} 已取消`,
    en: `${place}: the routine broadcast of ${hour(data)} was taken back`,
  }),
  'bulletin.time-over': ({ place }, data) => ({
    zh: `${place} 日常广播 ${hour(data)} 播完：${number(data['speakers'])} 个喇叭中 ${number(data['played'])} 个播出`,
    en: `${place}: the routine broadcast of ${hour(data)}: ${number(data['played'])} of ${number(data['speakers'])} loudspeakers played it`,
  }),
};
