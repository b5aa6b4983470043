// Chapter 6, watch: the words of what is heard of a place that is silent, and of its silence.
import { STATUS_MEANS, type StatusMeans } from '@laba/domain/spoken-status';
import type { Words } from '@laba/domain/reason-words';

type Say = (names: { place: string }, data: Record<string, unknown>) => Words;

const received: Say = ({ place }, data) => {
  const means = STATUS_MEANS[data['means'] as StatusMeans] ?? { zh: '', en: '' };
  const grave = data['grave'] === true ? { zh: '，有人失联或受伤', en: '; people are missing or hurt' } : { zh: '', en: '' };
  return { zh: `${place} ${means.zh}报来情况${grave.zh}`, en: `${place} said ${means.en} how it stands${grave.en}` };
};

const reconciled: Say = ({ place }, data) => {
  const n = Number(data['differences'] ?? 0);
  return n === 0
    ? { zh: `${place} 口头情况与登记一致，已核对`, en: `What ${place} said agrees with what was marked; reconciled` }
    : { zh: `${place} 口头情况与登记有 ${n} 处不同，已核对`, en: `What ${place} said was reconciled with what was marked; differences: ${n}` };
};

const back: Say = ({ place }, data) =>
  data['revoked'] === true
    ? { zh: `${place} 的本地系统已停用，不再等待`, en: `The house of ${place} is out of service and not waited for` }
    : { zh: `${place} 的本地系统恢复联系`, en: `The house of ${place} is back` };

export const STATUS_WORDS: Readonly<Record<string, Say>> = {
  'house.silent': ({ place }) => ({ zh: `${place} 的本地系统失联`, en: `The house of ${place} fell silent` }),
  'house.back': back,
  'status.received': received,
  'status.reconciled': reconciled,
  'contact.overdue': ({ place }) => ({ zh: `${place} 到约定时间没有联系`, en: `${place} did not call when it said it would` }),
  'contact.met': ({ place }) => ({ zh: `${place} 已恢复线路，不再等电话`, en: `${place} is back on the line: no call is waited for` }),
};
