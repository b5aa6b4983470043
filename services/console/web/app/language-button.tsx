// The other language, one click away, named in itself.
import { Button } from 'antd';
import { setLanguage, useLanguage } from '../i18n/language.ts';

export function LanguageButton() {
  const other = useLanguage() === 'zh' ? 'en' : 'zh';
  return (
    <Button type="text" className="language" onClick={() => setLanguage(other)}>
      <span lang={other === 'en' ? 'en' : 'zh-CN'} translate="no">
        {other === 'en' ? 'English' : '中文'}
      </span>
    </Button>
  );
}
