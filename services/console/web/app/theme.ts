// The console's look: calm, dense, readable at 3 a.m. and on a projector. Contrast of every pair is held by a test in a browser.
import type { ThemeConfig } from 'antd';

export const theme: ThemeConfig = {
  hashed: false,
  token: {
    colorPrimary: '#0958d9',
    colorPrimaryHover: '#003eb3',
    colorPrimaryActive: '#002c8c',
    colorInfo: '#0958d9',
    colorLink: '#0958d9',
    colorLinkHover: '#003eb3',
    colorLinkActive: '#002c8c',
    colorError: '#cf1322',
    colorErrorHover: '#a8071a',
    colorErrorActive: '#820014',
    colorWarning: '#ad4e00',
    colorSuccess: '#237804',
    colorText: '#141414',
    colorTextSecondary: '#434343',
    colorTextTertiary: '#595959',
    colorTextDescription: '#595959',
    colorTextPlaceholder: '#6b6b6b',
    colorBorder: '#8c8c8c',
    colorBgLayout: '#f3f4f6',
    borderRadius: 4,
    fontSize: 15,
    controlHeight: 34,
    motion: false,
    fontFamily: 'system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  },
};
