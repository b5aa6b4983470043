// The lists behind the board's cells: speakers and members by name, and an officer writing down what a member said on the telephone, under his own name.
import { get, post } from './api.js';
import { age, h, memberChip, reasonText, showList, showProblem, speakerChip } from './dom.js';
import { t } from './words.js';

export async function listSpeakers(board, node) {
  const { speakers } = await get(`/api/v1/alerts/${board.id}/speakers?group=${node.code}`);
  showList(
    `${node.name} · ${t('speakers')}`,
    speakers.map((one) =>
      h(
        'div.line-item',
        null,
        speakerChip(one.state),
        h('b', null, one.name),
        h(
          'span',
          null,
          ` ${one.siteName} · ${one.gridName}`,
          one.repeat > 0 ? ` · ${t('repeat', { n: one.repeat })}` : '',
          one.reason ? ` · ${reasonText(one)}` : '',
          ' · ',
        ),
        age(one.changedAtMs),
      ),
    ),
  );
}

const MEMBER_STATES = { 'on-the-way': 'onTheWay' };

export async function listMembers(board, node) {
  const calls = [];
  for (let next = ''; next !== null;) {
    const page = await get(`/api/v1/alerts/${board.id}/calls?${node.code ? `group=${node.code}&` : ''}${next ? `after=${encodeURIComponent(next)}` : ''}`);
    calls.push(...page.calls);
    next = page.next;
  }
  const open = board.alert.state === 'raised';
  const stateOf = (call) =>
    call.answer ? (MEMBER_STATES[call.answer] ?? call.answer) : call.state === 'read' || call.state === 'closed' ? call.state : 'waiting';
  const item = (call) =>
    h(
      'div.line-item',
      null,
      memberChip(stateOf(call)),
      h('b', null, call.name),
      h(
        'span',
        null,
        ` ${call.gridName}`,
        call.joined ? ` · ${t('member.joined')}` : '',
        call.answeredBy?.startsWith('officer:') ? ` · ${t('answeredFor')}` : '',
        ' · ',
      ),
      age(Date.parse(call.changedAt)),
      call.link ? h('a', { href: call.link, target: '_blank', rel: 'noopener' }, t('memberLink')) : null,
      open ? answerButtons(call) : null,
      call.help ? helpAsked(call, open) : null,
    );
  showList(`${node.name} · ${t('members')} ${calls.length}`, calls.map(item));
}

function helpAsked(call, open) {
  const line = h(
    'div.note',
    null,
    h('b', null, `! ${t('needsHelp')}`),
    call.help.words ? `${t('colon')}${call.help.words} ` : ' ',
    age(Date.parse(call.help.at)),
  );
  const seen = () =>
    post(`/api/v1/calls/${call.id}/help-over`, {})
      .then(() => line.remove())
      .catch(showProblem);
  if (open) line.append(h('button', { type: 'button', onclick: seen }, t('helpOver')));
  return line;
}

const ANSWERS = { coming: 'coming', 'on-the-way': 'onTheWay', arrived: 'arrived', cannot: 'cannot' };

function answerButtons(call) {
  const box = h('span.answers', { role: 'group', 'aria-label': t('answerFor') });
  const write = (answer) => async () => {
    try {
      await post(`/api/v1/calls/${call.id}/answer-for`, { answer, means: 'telephone' });
      box.querySelectorAll('button').forEach((button) => button.setAttribute('aria-pressed', String(button.value === answer)));
    } catch (error) {
      showProblem(error);
    }
  };
  box.append(
    ...Object.entries(ANSWERS).map(([answer, word]) =>
      h('button', { type: 'button', value: answer, 'aria-pressed': String(call.answer === answer), onclick: write(answer) }, t(`member.${word}`)),
    ),
  );
  return box;
}
