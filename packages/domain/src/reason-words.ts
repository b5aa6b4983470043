// Chapter 6, watch: why a speaker fell silent, refused or failed, in words for people; devices say it in codes.
export interface Words {
  zh: string;
  en: string;
}

export const REASON_WORDS: Readonly<Record<string, Words>> = {
  ended: { zh: '预警已解除', en: 'the alert was ended' },
  cancelled: { zh: '预警已取消', en: 'the alert was cancelled' },
  superseded: { zh: '被新内容取代', en: 'replaced by newer words' },
  'pre-empted': { zh: '让位于更急的预警', en: 'gave way to a graver alert' },
  quietened: { zh: '已静音', en: 'quietened' },
  expired: { zh: '预警已到期', en: 'the alert expired' },
  clock: { zh: '设备时钟不准', en: 'the device does not know the time' },
  area: { zh: '不在这台设备的区域', en: 'not for the area of this device' },
  'quiet-hours': { zh: '现在是免打扰时段', en: 'quiet hours' },
  'drill-words': { zh: '演练没有说明是演练', en: 'the drill does not say that it is one' },
  'bulletin-form': { zh: '不合日常广播的格式', en: 'it is not in the form of a routine broadcast' },
  'no-recording': { zh: '取不到录音', en: 'the recording could not be fetched' },
  'old-gateway': { zh: '网关太旧，不支持日常广播', en: 'the gateway is too old for routine broadcasts' },
  'never-heard': { zh: '网关从未上线', en: 'the gateway was never heard' },
  'own-house': { zh: '由村里自己的系统广播', en: "it hangs on the line of the village's own house" },
  'not-supported': { zh: '设备不支持', en: 'the device cannot do this' },
  malformed: { zh: '指令格式不对', en: 'the command cannot be read' },
  'key-revoked': { zh: '签名密钥已被吊销', en: 'the key that signed it was revoked' },
  'book-older': { zh: '收到的密钥本比现有的旧', en: 'the key book is older than the one it has' },
  'book-unproven': { zh: '没有证明密钥本是最新的', en: 'no proof that the key book is the newest' },
  'book-altered': { zh: '同一版密钥本内容不同', en: 'a second key book of the same version' },
  'unknown-key': { zh: '签名密钥不认识', en: 'the signing key is not known' },
  algorithm: { zh: '签名算法不对', en: 'wrong signing algorithm' },
  signature: { zh: '签名不对', en: 'the signature is wrong' },
  county: { zh: '不是本县的指令', en: 'the command of another county' },
  'key-scope': { zh: '密钥无权管这个区域', en: 'the key may not speak for this area' },
  'key-mode': { zh: '密钥无权用于这种性质', en: 'the key may not speak in this mode' },
  'no-gateway': { zh: '没有网关', en: 'it has no gateway' },
  'never-received': { zh: '网关一直没有收到', en: 'the gateway never received it' },
  'no-word': { zh: '收到后没有播放回报', en: 'received, then no word of the play' },
  crashed: { zh: '播放时设备重启', en: 'the device restarted while it played' },
  'no sound device': { zh: '没有找到声卡', en: 'no sound device' },
  'no-channel': { zh: '县里没有开通这个渠道', en: 'the county has no provider for this channel' },
  'not-delivered': { zh: '服务商报告没有送达', en: 'the provider reports that it did not arrive' },
  unsubscribed: { zh: '本人已退订日常消息', en: 'its owner asked for no routine messages' },
  'no-address': { zh: '名册上没有他的号码或地址', en: 'no number or address on the list' },
  'alert-over': { zh: '预警已结束', en: 'the alert is over' },
  'alert-on': { zh: '有预警，暂停测试', en: 'an alert stands: tests wait' },
  'number-changed': { zh: '号码已更换', en: 'the number was changed' },
  'not-on-duty': { zh: '外出或休假', en: 'away or off duty' },
  'too-late': { zh: '已过时限', en: 'its time has passed' },
  test: { zh: '测试不发给人', en: 'a test reaches nobody' },
  'no-answer': { zh: '服务商没有回应', en: 'the provider did not answer' },
  'provider-away': { zh: '连不上服务商', en: 'the provider cannot be reached' },
  'provider-busy': { zh: '服务商限流', en: 'the provider is busy' },
  'provider-error': { zh: '服务商出错', en: 'the provider failed' },
  'provider-refused': { zh: '服务商拒绝', en: 'the provider refused' },
  'address-refused': { zh: '这个地址不允许使用', en: 'this address may not be used' },
  'channel-broke': { zh: '发送程序出错', en: 'the adapter of the channel broke' },
  storage: { zh: '设备存储故障', en: 'the storage of the device failed' },
};

/** A reason as the device or the county gave it; one we have no words for (a sound card's own message) is shown as it is. */
export function reasonWords(reason: unknown): Words {
  const given = typeof reason === 'string' ? reason : '';
  return REASON_WORDS[given] ?? { zh: given, en: given };
}
