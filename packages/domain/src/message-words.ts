// The words of messages to people, by purpose: Chinese, short enough for an SMS, and a drill says so before anything else.
import { DRILL_PREFIX, LEVEL_WORDS, ORDER_WORDS, type AlertSubject, type AlertText } from './alert.ts';
import { LIMITS } from './limits.ts';
import type { MessageFacts, MessagePurpose } from './message.ts';
import { ROLLCALL_FORM } from './rollcall-reply.ts';
import { TASK_KINDS, type TaskKind } from './task.ts';
import { safetySays, sectionSays } from './safety-words.ts';

/** What a message may say of its alert: the newest revision that was raised. */
export interface AlertWords extends AlertSubject {
  texts: readonly AlertText[];
}

/** A link, where there is one, is no part of the words: each channel shows it in its own way. */
export interface MessageWords {
  title: string;
  text: string;
}

/** What every kind of channel begins with, so that nobody takes it for live (I5). */
const DRILL = '【演练】';

type Say = (facts: MessageFacts, alert: AlertWords | undefined) => MessageWords;

const SAY: Record<MessagePurpose, Say> = {
  call: ({ joined }, alert) => ({
    title: `${joined === true ? '已加入' : ''}集结 ${subjectOf(alert)}`,
    text: closing(alert, '回复1收到来 2出发 3到位 4来不了'),
  }),
  ladder: (facts, alert) => ({ title: `叫应 ${subjectOf(alert)}`, text: closing(alert, askedOf(facts)) }),
  section: (facts, alert) => ({ title: `分组任务 ${subjectOf(alert)}`, text: `${sectionSays(facts)}。` }),
  safety: (facts) => ({ title: '安全报到', text: `${safetySays(facts)}。` }),
  'roll-call': ({ notFound }, alert) => ({
    title: '入户清点',
    text:
      notFound === undefined
        ? closing(alert, '请打开链接清点您负责的户')
        : `没有记下：${String(notFound)}。您负责的户里没有，或有重名。${ROLLCALL_FORM.helper.zh}。`,
  }),
  task: (facts) => ({ title: `交办单 ${taskOf(facts)}`, text: `您有一项交办任务${quoted(taskOf(facts))}，请打开链接查看要求和期限，办完请报告。` }),
  'number-check': () => ({
    title: '号码核对',
    text: '这是号码测试，不是警报，不用转移。收到短信请回复1，接到电话请按1。A test of your number, NOT an alert: reply 1, or press 1.',
  }),
  told: (facts, alert) => TOLD[String(facts['about'])]?.(facts) ?? { title: `通知 ${subjectOf(alert)}`, text: closing(alert, '请打开链接查看') },
};

/** What is told about something else than an alert; of a reply by its outcome. */
const TOLD: Record<string, (facts: MessageFacts) => MessageWords> = {
  'not-understood': () => ({ title: '没看懂您的回复', text: '请只回复一个数字：1收到来 2出发 3到位 4来不了。急事请打值班电话。' }),
  over: () => ({ title: '您的回复晚了', text: '这次通知已经结束，您的回复没有计入。急事请打值班电话。' }),
  'task-late': (facts) => ({ title: '交办单逾期', text: `本村有一项交办任务逾期未办${quoted(taskOf(facts))}，请督促办理。` }),
  'need-closed': () => ({ title: '求助已办结', text: '您反映的求助已经办结。如果没有解决，请再次报告或打电话给值班员。' }),
};

const taskOf = (facts: MessageFacts) => TASK_KINDS[facts['kind'] as TaskKind]?.zh ?? '';
const quoted = (words: string) => (words === '' ? '' : `“${words}”`);

/** Title and text for the purpose; `alert` is undefined when the message is about none. */
export function messageWords(purpose: MessagePurpose, facts: MessageFacts, alert: AlertWords | undefined): MessageWords {
  const { title, text } = SAY[purpose](facts, alert);
  const prefix = alert?.mode === 'drill' ? DRILL : '';
  return { title: `${prefix}${title.trim()}`, text: `${prefix}${text}` };
}

// One sentence for both channels: a key and a reply are the same sign.
function askedOf({ question, place }: MessageFacts): string {
  const where = typeof place === 'string' ? `${place}：` : '';
  return question === 'moving' ? `${where}开始转移了吗？已开始请回复2和人数，如“2 35”` : `${where}收到请回复或按1；已开始转移请回复2和人数，如“2 35”`;
}

/** `立即转移`, `红色预警`, or nothing. */
function subjectOf(alert: AlertWords | undefined): string {
  if (alert?.order != null) return ORDER_WORDS[alert.order].zh;
  return alert?.level == null ? '' : `${LEVEL_WORDS[alert.level].zh}预警`;
}

// The alert's own words, without what they say aloud of a drill, are cut to what is left: what to do must arrive whole.
function closing(alert: AlertWords | undefined, what: string): string {
  if (alert === undefined) return `${what}。`;
  const said = alert.texts.find(({ language }) => /^zh(-|$)/i.test(language)) ?? alert.texts[0];
  const room = LIMITS.messageTextChars - DRILL.length - what.length - 2;
  const own = cut([subjectOf(alert), (said?.text ?? '').replace(DRILL_PREFIX.zh, '')].filter((part) => part !== '').join('：'), room);
  return own === '' ? `${what}。` : `${own}${/[。！!.…]$/u.test(own) ? '' : '。'}${what}。`;
}

/** At most so many characters; what is cut off is shown by an ellipsis. */
export function cut(text: string, chars: number): string {
  const all = [...text];
  return all.length <= chars ? text : `${all.slice(0, Math.max(0, chars - 1)).join('')}…`;
}
