// Every refusal of the house: code, HTTP status, what the queue does with it, and what a person can do.
// A test holds the README's error table and this one against each other.

interface ErrorKind {
  status: number;
  /** What the queue does when a job ends in this error. */
  retry: 'retry' | 'bury';
  zh: string;
  en: string;
}

export const ERRORS = {
  'bad-input': { status: 400, retry: 'bury', zh: '输入有误，请按提示修改', en: 'The input is not valid; correct the fields named below' },
  'not-signed-in': { status: 401, retry: 'bury', zh: '请先登录', en: 'Sign in first' },
  'sign-in-failed': { status: 401, retry: 'bury', zh: '用户名或密码不对', en: 'User name or password is wrong' },
  'locked-out': {
    status: 429,
    retry: 'bury',
    zh: '失败次数过多，请 15 分钟后再试或请管理员解锁',
    en: 'Too many failures: wait 15 minutes or ask an administrator',
  },
  'local-code-wrong': { status: 401, retry: 'bury', zh: '姓名或本地码不对', en: 'The name or the local code is wrong' },
  'local-code-locked': {
    status: 429,
    retry: 'bury',
    zh: '输错次数过多，请 2 分钟后再试',
    en: 'Wrong codes were tried too often: wait 2 minutes',
  },
  'too-many-requests': { status: 429, retry: 'retry', zh: '请求太快，请稍候', en: 'Too many requests: wait a moment' },
  'csrf-missing': { status: 403, retry: 'bury', zh: '页面已过期，请刷新后再试', en: 'The page is out of date: reload it and try again' },
  'out-of-scope': { status: 403, retry: 'bury', zh: '不在您的管辖范围内', en: 'This lies outside your grid scope' },
  'county-decides': { status: 403, retry: 'bury', zh: '州（市）只看不定：请联系该县决定', en: 'A prefecture only watches: ask the county that decides this' },
  'role-refused': { status: 403, retry: 'bury', zh: '您的岗位不能做这件事', en: 'Your role may not do this' },
  'not-found': { status: 404, retry: 'bury', zh: '没有找到', en: 'Not found' },
  'link-invalid': { status: 404, retry: 'bury', zh: '链接无效或已过期', en: 'This link is not valid or has expired' },
  'unknown-code': { status: 422, retry: 'bury', zh: '没有这个网格编码', en: 'No grid node has this code' },
  'empty-area': { status: 422, retry: 'bury', zh: '必须选择至少一个网格', en: 'Name at least one grid node: an empty area is never "everywhere"' },
  'mode-required': { status: 422, retry: 'bury', zh: '必须说明是实警、演练还是测试', en: 'Say the mode: live, drill or test; it is never assumed' },
  'kind-required': { status: 422, retry: 'bury', zh: '必须说明是预警还是指令', en: 'Say the kind: warning (with level and issuer) or order' },
  'unknown-template': { status: 422, retry: 'bury', zh: '没有这个模板', en: 'No template has this id' },
  'bad-time': {
    status: 422,
    retry: 'bury',
    zh: '时间不对：结束时间须晚于现在和开始时间',
    en: 'The times are wrong: the end must lie after now and after the start',
  },
  'wrong-time': {
    status: 422,
    retry: 'bury',
    zh: '这个时间不可能：早于本机已知的时间，或晚于其后一年',
    en: 'It cannot be that time: it lies before the time this house is sure of, or more than a year after it',
  },
  'bad-text': {
    status: 422,
    retry: 'bury',
    zh: '播报内容为空、过长或含有不能播报的字符',
    en: 'The words are empty, too long, or hold characters that cannot be spoken',
  },
  'bad-audio': {
    status: 422,
    retry: 'bury',
    zh: '这段录音不能播放：格式不对、没有声音、太响或太长',
    en: 'This recording cannot be broadcast: its kind, its silence, its loudness or its length',
  },
  'approval-needed': { status: 409, retry: 'bury', zh: '需要另一位值班员同意', en: 'A second officer must approve first' },
  'same-officer': { status: 409, retry: 'bury', zh: '不能由同一人批准', en: 'The same officer cannot be the second person' },
  'transition-refused': { status: 409, retry: 'bury', zh: '当前状态下不能这样做', en: 'This cannot be done in the present state' },
  'changed-meanwhile': {
    status: 409,
    retry: 'retry',
    zh: '别人刚刚改过，请看最新内容后再试',
    en: 'Somebody changed this meanwhile: look at it again, then retry',
  },
  'raised-above': {
    status: 409,
    retry: 'bury',
    zh: '这是上级发布的，只能由上级更改、静音或解除；本地可以另发指令',
    en: 'The house above raised this: only it can change, quieten or end it. You can raise an order of your own',
  },
  'already-done': { status: 409, retry: 'bury', zh: '已经做过了', en: 'This was already done' },
  'more-than-listed': {
    status: 409,
    retry: 'bury',
    zh: '人数比名册多：请再问一遍，对方确认后再记',
    en: 'More people than the list has: ask again, and confirm when they say so',
  },
  'idempotency-mismatch': {
    status: 422,
    retry: 'bury',
    zh: '同一个 Idempotency-Key 用在了不同的请求上',
    en: 'This Idempotency-Key was used for another request',
  },
  'join-code-unknown': {
    status: 404,
    retry: 'bury',
    zh: '没有这个加入码，请看清后再试',
    en: 'No join code is spelled like this: look at it again',
  },
  'join-code-expired': {
    status: 410,
    retry: 'bury',
    zh: '加入码已过期，请向村干部要新的',
    en: 'This join code has expired: ask the village cadre for a new one',
  },
  'join-code-closed': {
    status: 410,
    retry: 'bury',
    zh: '加入码已停用，请向村干部要新的',
    en: 'This join code was closed: ask the village cadre for a new one',
  },
  'join-code-locked': {
    status: 429,
    retry: 'bury',
    zh: '输错次数过多，加入码已锁定，请向村干部要新的',
    en: 'Wrong codes were tried too often and this one is locked: ask the village cadre for a new one',
  },
  'join-code-full': {
    status: 409,
    retry: 'bury',
    zh: '加入码名额已满，请向村干部报到',
    en: 'This join code has taken all it may: report to the village cadre',
  },
  'join-code-moved': {
    status: 410,
    retry: 'bury',
    zh: '这个地方已不在预警范围内，请向村干部问清楚',
    en: 'The alert no longer covers this place: ask the village cadre',
  },
  'join-over': { status: 410, retry: 'bury', zh: '本次预警已经结束，不再需要加入', en: 'This alert is over: nobody needs to join any more' },
  'number-known': {
    status: 409,
    retry: 'bury',
    zh: '这个号码已在名册上：请用发到这个号码的短信里的链接，或找村干部',
    en: 'This number is on the list already: use the link in the SMS that was sent to it, or ask the village cadre',
  },
  'number-joined': {
    status: 409,
    retry: 'bury',
    zh: '这个号码已经加入：请用发到这个号码的短信里的链接',
    en: 'This number has joined already: use the link in the SMS that was sent to it',
  },
  'claim-invalid': { status: 403, retry: 'bury', zh: '认领码无效、已用过或已过期', en: 'The claim code is wrong, used or older than 15 minutes' },
  'import-refused': { status: 422, retry: 'bury', zh: '导入文件有错误行，未写入任何数据', en: 'The file has faulty rows; nothing was written' },
  'too-large': { status: 413, retry: 'bury', zh: '内容太大', en: 'Too large' },
  overloaded: { status: 503, retry: 'retry', zh: '系统繁忙，请立即重试', en: 'The system is at its limit: retry at once' },
  'signature-needed': {
    status: 409,
    retry: 'bury',
    zh: '接班要签字：请重新输入密码',
    en: 'Taking over needs a signature: enter your password again',
  },
  'figures-old': {
    status: 409,
    retry: 'bury',
    zh: '数据已超过半小时：请先按“取最新数据”，核对后再签发',
    en: 'The figures are more than half an hour old: fill the report anew, look at it, then sign',
  },
  'report-altered': {
    status: 500,
    retry: 'bury',
    zh: '这份报告与发出时不一致，可能被改动：请核对纸质件并报告管理员',
    en: 'This report is not as it was sent: somebody may have altered it. Hold it against a printed copy and tell the administrator',
  },
  'storage-failed': { status: 503, retry: 'retry', zh: '数据没有写入，请检查磁盘空间后重试', en: 'Nothing was written: check the disk, then retry' },
  'outcome-unknown': {
    status: 503,
    retry: 'retry',
    zh: '与数据库的连接在提交时中断，不知道是否已写入，请先查看再重试',
    en: 'The connection to the database broke during the commit: look whether it was written, then retry',
  },
  'broker-offline': { status: 503, retry: 'retry', zh: '消息服务暂不可用，系统会自动重试', en: 'The message broker is away; the system retries by itself' },
  draining: { status: 503, retry: 'retry', zh: '服务正在关闭', en: 'The service is shutting down' },
  internal: { status: 500, retry: 'retry', zh: '内部错误', en: 'Internal error' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal with a name. `why` says what was wrong and what to do; `fields` names the input at fault. */
export class LabaError extends Error {
  readonly code: ErrorCode;
  readonly fields: Record<string, unknown>;

  constructor(code: ErrorCode, why?: string, fields: Record<string, unknown> = {}) {
    super(why ?? ERRORS[code].en);
    this.name = 'LabaError';
    this.code = code;
    this.fields = fields;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }

  get permanent(): boolean {
    return ERRORS[this.code].retry === 'bury';
  }
}
