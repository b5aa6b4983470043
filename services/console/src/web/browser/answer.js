// An officer writes down what a member said on the telephone, under his own name.
import { post } from './api.js';
import { h, showProblem } from './dom.js';
import { t } from './words.js';

const ANSWERS = { coming: 'coming', 'on-the-way': 'onTheWay', arrived: 'arrived', cannot: 'cannot' };

export function answerButtons(call) {
  const box = h('span.answers', { role: 'group', 'aria-label': t('answerFor') });
  const write = (answer) => async () => {
    try {
      await post(`/api/v1/calls/${call.id}/answer-for`, { answer, means: 'telephone' });
      box.querySelectorAll('button').forEach((button) => button.setAttribute('aria-pressed', String(button.value === answer)));
    } catch (error) {
      showProblem(error);
    }
  };
  box.append(...Object.entries(ANSWERS).map(([answer, word]) => h('button', { type: 'button', value: answer, 'aria-pressed': String(call.answer === answer), onclick: write(answer) }, t(`member.${word}`))));
  return box;
}
