// Made by infra/voice/make-clips.ts: which prepared clip speaks exactly which words.

/** One clip in services/alerting/clips: `{sha256}.wav`, 16 kHz mono 16-bit PCM. `placeholder`: a stand-in where nobody has recorded the language yet. */
interface Clip {
  language: string;
  text: string;
  sha256: string;
  durationMs: number;
  placeholder: boolean;
}

export const CLIPS: readonly Clip[] = [
  {
    language: 'zh-CN',
    durationMs: 12061,
    placeholder: false,
    text: '泥石流危险！立即往两边山坡高处转移，不要沿沟走，不要过沟，不要回去拿东西。带上老人孩子，叫上邻居。',
    sha256: '371446f3402571bfdc6af99bb7dfe0c1d42abe7600fd63d34b5a2fb825448a46',
  },
  {
    language: 'lis',
    durationMs: 2407,
    placeholder: true,
    text: '（傈僳语录音占位）',
    sha256: '5a871c72ca8c6c75d3541bb047411342829a0149385a6ee7bd96bb503b2946dc',
  },
  {
    language: 'duu',
    durationMs: 2452,
    placeholder: true,
    text: '（独龙语录音占位）',
    sha256: '143ae494fe14723ab921f49028d3a3f4b9c374e9575477b03ad77c6bdc5f1e3c',
  },
  {
    language: 'zh-CN',
    durationMs: 7107,
    placeholder: false,
    text: '泥石流转移指令已经解除。请听村干部安排回家，不要到沟里去。',
    sha256: '1dcf47d803d2cbc547c41775ab8372c8c1da48979fcd305c48ab34508d68884b',
  },
  {
    language: 'zh-CN',
    durationMs: 5314,
    placeholder: false,
    text: '刚才的泥石流播报有误，现予取消，请不要惊慌。',
    sha256: 'f788d3d2b0a13dcc2419776b645a569f98a75ee65d2af40e68d1ca32cd0b7ba9',
  },
  {
    language: 'zh-CN',
    durationMs: 12894,
    placeholder: false,
    text: '可能发生泥石流，准备转移。沟边、低处的老人、孩子、行动不便的人，现在先走。其他人穿好鞋，带好手电，等通知。',
    sha256: 'af230224f44fad4c842f77fba3597e47fc7d438fbdca514c2b3f49ece00ebea3',
  },
  {
    language: 'zh-CN',
    durationMs: 11573,
    placeholder: false,
    text: '山洪危险！马上离开河边，往高处走，不要过河，不要过桥，不要回去拿东西。带上老人孩子，叫上邻居。',
    sha256: '4ae8cca901fe2a94577566474651e86b0300554ab347e7121bc2755afff20a47',
  },
  {
    language: 'zh-CN',
    durationMs: 6809,
    placeholder: false,
    text: '山洪转移指令已经解除。请听村干部安排回家，不要下河。',
    sha256: 'b58fd5d82ac9ca7188a40ece796ad1e6dceb0d7ed32173408d14ec5fe33e0d0d',
  },
  {
    language: 'zh-CN',
    durationMs: 5330,
    placeholder: false,
    text: '刚才的山洪播报有误，现予取消，请不要惊慌。',
    sha256: '36152e500bcf20a48fdf2381b9ca08d000598cdf621911e951c8d48972d71ca8',
  },
  {
    language: 'zh-CN',
    durationMs: 12908,
    placeholder: false,
    text: '河水可能猛涨，准备转移。河边、低处的老人、孩子、行动不便的人，现在先走。其他人穿好鞋，带好手电，等通知。',
    sha256: 'c50ac6a2e66ab90bc37d477a10d053ac6b5ab43b8121a97830bcd5148c3399e5',
  },
  {
    language: 'zh-CN',
    durationMs: 11075,
    placeholder: false,
    text: '暴雨红色预警。山洪、泥石流随时会来。沟边、河边、陡坡下面的人，马上往高处走。不要过河，不要过沟。',
    sha256: 'dd828275c44faee170c42f9c66a264ebd4751e7e6d07998c784010d75f7049ed',
  },
  {
    language: 'zh-CN',
    durationMs: 5628,
    placeholder: false,
    text: '暴雨预警已经解除。山坡还可能垮塌，不要到沟里去。',
    sha256: '922e7da38b40a7632a6fa434d66bd69515563a0586376ae8863142372d9556dd',
  },
  {
    language: 'zh-CN',
    durationMs: 5027,
    placeholder: false,
    text: '刚才的暴雨播报有误，现予取消，请不要惊慌。',
    sha256: '2f3ecb8f5743eb6f7582343cf060e748faa95bb4606342e2449d86ac9b50ccc1',
  },
  {
    language: 'zh-CN',
    durationMs: 9038,
    placeholder: false,
    text: '暴雨橙色预警。大暴雨很快就到。沟边、河边、陡坡下面的人，趁路还通，全部转移。',
    sha256: 'b76ac83d11e679f5d7eb9fd5383fa23665690e0dcf12f8413ea2a58a0dc5b10e',
  },
  {
    language: 'zh-CN',
    durationMs: 10683,
    placeholder: false,
    text: '暴雨黄色预警。六小时内可能有暴雨。沟边、河边、陡坡下面的老人、孩子、行动不便的人，先转移。',
    sha256: 'd4f26d2317f08a72337588b24ac4dc9172764b3f31e273941e998b5bd96d0c0c',
  },
  {
    language: 'zh-CN',
    durationMs: 8277,
    placeholder: false,
    text: '暴雨蓝色预警。十二小时内可能有暴雨。请查看山坡和水沟，不要到河边去。',
    sha256: 'f825a00a8bf355b1117983bcce45bf3645412be457ae72e18f6f355e1eadc958',
  },
  {
    language: 'zh-CN',
    durationMs: 8157,
    placeholder: false,
    text: '地质灾害红色预警。滑坡、泥石流随时会来。陡坡下面和沟口的人，马上转移。',
    sha256: '3997e9033629ae71528e1cb8184170c71c693cfb22b216cd2aead706cefc88e4',
  },
  {
    language: 'zh-CN',
    durationMs: 5681,
    placeholder: false,
    text: '地质灾害预警已经解除。发现裂缝、落石，马上报告。',
    sha256: 'de6e972106b8f5f21532f7a53d3a6801953de7630a0549279edb5d7effca914a',
  },
  {
    language: 'zh-CN',
    durationMs: 5621,
    placeholder: false,
    text: '刚才的地质灾害播报有误，现予取消，请不要惊慌。',
    sha256: '69a20174d6afbcc896a6e640acefff9f2b4e56014ceaba75344ea48a810deba9',
  },
  {
    language: 'zh-CN',
    durationMs: 10866,
    placeholder: false,
    text: '地质灾害橙色预警。请监测员马上巡查。陡坡下面和沟口的老人、孩子、行动不便的人，先转移。',
    sha256: '3113826dc51678be9db9b2a386df0b72bd601999fd066fe149322b59ec155c91',
  },
  {
    language: 'zh-CN',
    durationMs: 10986,
    placeholder: false,
    text: '森林火险橙色预警。不要带火上山，不要烧荒、烧垃圾。看到冒烟，马上报告，老人和孩子不要去打火。',
    sha256: '1cfccdc0e88420ca9a4ea3bedc289052fb1ee71c4f40f97c54956cb0027f8938',
  },
  {
    language: 'zh-CN',
    durationMs: 5245,
    placeholder: false,
    text: '森林火险预警已经解除，请继续小心用火。',
    sha256: '5e6f103dce4b2bfa89d90e53772801fcf9dcf0954c2f32d1ba0d336f8fb8550e',
  },
  {
    language: 'zh-CN',
    durationMs: 5796,
    placeholder: false,
    text: '刚才的森林火险播报有误，现予取消，请不要惊慌。',
    sha256: '873cacf258caf0efe8607c2c8084c4f46996fdc1865fcca9233a426f2f30ab79',
  },
  {
    language: 'zh-CN',
    durationMs: 8623,
    placeholder: false,
    text: '这是防灾演练，没有真的险情。请走平时说好的路线，到安全点清点人数。',
    sha256: '3e56d87e6ebe72006537bbd965bf6bef29bb0a1c346687d0daeafc2aa5038f91',
  },
  {
    language: 'zh-CN',
    durationMs: 2939,
    placeholder: false,
    text: '防灾演练结束，谢谢大家。',
    sha256: '3e4f50b0c9c0563a3623e22337c85b5064f5c630ef8b66ea697d8abb4b9bc8bf',
  },
  {
    language: 'zh-CN',
    durationMs: 5021,
    placeholder: false,
    text: '刚才的演练播报有误，现予取消，请不要走动。',
    sha256: 'a69c6f114b5655451b9be77bf23655005ffc29d8230dbb0b483e0d0229259996',
  },
  {
    language: 'zh-CN',
    durationMs: 3105,
    placeholder: false,
    text: '这是通路测试，喇叭不出声。',
    sha256: 'c736596c63bf2458cdccefb1d2f0982d3e87f54c3203f773868f905d510c8f45',
  },
  {
    language: 'zh-CN',
    durationMs: 1722,
    placeholder: false,
    text: '通路测试结束。',
    sha256: 'd2268b25ae7f948aa6b4dc2ee5723e1864323350c4109499f29c3ee487e86187',
  },
  {
    language: 'zh-CN',
    durationMs: 1823,
    placeholder: false,
    text: '通路测试取消。',
    sha256: '32db2c6756cd32600ea5359c278ab275c0a8adaca242a187278428a4853e4911',
  },
  {
    language: 'zh-CN',
    durationMs: 7267,
    placeholder: false,
    text: '乡亲们，现在是日常广播。请留意天气变化，出门注意安全。',
    sha256: '4aa15619b389e4f2da945f576fffe7441c3429e776e953f40bc186cb0bcc4281',
  },
  {
    language: 'zh-CN',
    durationMs: 2959,
    placeholder: false,
    text: '日常广播结束，谢谢大家。',
    sha256: '503eb9b5ac6f5516445fb78c3030fba225682168a47d42004ae06ef61f464a30',
  },
  {
    language: 'zh-CN',
    durationMs: 3685,
    placeholder: false,
    text: '刚才的日常广播有误，现予取消。',
    sha256: '8aeef6a00a604304ac62eb6cee3f74f963d180a8f2c3e22ac1012b68b1eb8aa4',
  },
  {
    language: 'zh-CN',
    durationMs: 13471,
    placeholder: false,
    text: '演练，演练。泥石流危险！立即往两边山坡高处转移，不要沿沟走，不要过沟，不要回去拿东西。带上老人孩子，叫上邻居。',
    sha256: 'b91852d02df344f5110ea283e07fe17e0c7e9e0d7d37145642a2fd0fda4ce120',
  },
  {
    language: 'lis',
    durationMs: 3827,
    placeholder: true,
    text: '演练，演练。（傈僳语录音占位）',
    sha256: '270f947ff5020a36348b363a5f36fec9e7e9bb8df6de5f7530cc0d1000f41307',
  },
  {
    language: 'duu',
    durationMs: 3871,
    placeholder: true,
    text: '演练，演练。（独龙语录音占位）',
    sha256: 'd69681b71abf33d0472009d7f49a804e643a211431859cbbc0917849db0b2d9c',
  },
  {
    language: 'zh-CN',
    durationMs: 10043,
    placeholder: false,
    text: '演练，演练。这是防灾演练，没有真的险情。请走平时说好的路线，到安全点清点人数。',
    sha256: 'e3af8289a97ddff5b3288bd3cf69e8ff50bc772aacdada92bf0f7fbc59438e4b',
  },
];

const BY_WORDS = new Map(CLIPS.map((clip) => [`${clip.language}\n${clip.text}`, clip.sha256]));

/** How long a clip sounds, by its SHA-256. */
export const CLIP_MS: ReadonlyMap<string, number> = new Map(CLIPS.map((clip) => [clip.sha256, clip.durationMs]));

/** Clips that must never pass for a real recording of their language. */
export const PLACEHOLDER_CLIPS: ReadonlySet<string> = new Set(CLIPS.filter((clip) => clip.placeholder).map((clip) => clip.sha256));

/** The SHA-256 of the clip of exactly these words, after cleaning; undefined when there is none. */
export function clipFor(language: string, text: string): string | undefined {
  return BY_WORDS.get(`${language}\n${text}`);
}
