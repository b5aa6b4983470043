// Chapter 6, watch: what happened to a task, in words. What it is about is named by its kind; nobody's own words are repeated here.
import { TASK_KINDS, type TaskKind } from '@laba/domain/task';
import type { Words } from '@laba/domain/reason-words';

type Say = (names: { place: string }, data: Record<string, unknown>) => Words;

function ofTask(zh: string, en: string): Say {
  return ({ place }, data) => {
    const kind = TASK_KINDS[data['kind'] as TaskKind] ?? { zh: String(data['kind'] ?? ''), en: String(data['kind'] ?? '') };
    return { zh: `交办单（${place} · ${kind.zh}）${zh}`, en: `Task (${place}, ${kind.en}): ${en}` };
  };
}

const ASKED: Record<string, Words> = {
  owner: { zh: '责任人', en: 'its owner' },
  township: { zh: '村负责人和乡镇', en: 'the village’s responsible person and the township' },
  duty: { zh: '县值班员', en: 'the county’s duty officer' },
};

const overdue: Say = (names, data) => {
  const [waits, asked] = [data['waitsFor'] === 'sign-off', ASKED[String(data['to'])] ?? { zh: '', en: '' }];
  const n = String(Number(data['reminder'] ?? 1));
  return ofTask(
    `${waits ? '办完未销号' : '逾期未办'}，第 ${n} 次催办：${asked.zh}`,
    `${waits ? 'done but not signed off' : 'overdue'}, reminder ${n} to ${asked.en}`,
  )(names, data);
};

export const TASK_EVENT_WORDS: Readonly<Record<string, Say>> = {
  'task.created': ofTask('已下达', 'given out'),
  'task.taken': ofTask('已接', 'taken'),
  'task.done': (names, data) =>
    (data['late'] === true ? ofTask('逾期办完，待销号', 'done late, to be signed off') : ofTask('办完，待销号', 'done, to be signed off'))(names, data),
  'task.signed-off': ofTask('已销号', 'signed off'),
  'task.sent-back': ofTask('退回重办', 'sent back to be done again'),
  'task.reassigned': ofTask('改派他人', 'given to somebody else'),
  'task.extended': ofTask('期限已延长', 'its deadline was extended'),
  'task.reminded': (names, data) =>
    (data['channel'] === null
      ? ofTask('值班员催办（责任人没有联系方式，请当面或电话催）', 'an officer reminded, but its owner has no channel: ring him')
      : ofTask('值班员催办', 'an officer reminded its owner'))(names, data),
  'task.hastened': ofTask('预警升级，期限提前', 'its deadline was brought forward, because the alert has become graver'),
  'task.dropped': (names, data) =>
    (data['drillOver'] === true ? ofTask('演练已结束，任务随之结束', 'ended with the drill') : ofTask('已作废', 'dropped'))(names, data),
  'task.photo-added': ofTask('新增照片', 'a photo was added'),
  'task.overdue': overdue,
};
