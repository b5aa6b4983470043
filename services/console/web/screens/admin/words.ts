// Words of the screen "Administration": its pages, and why one of them is not for the reader.
import { screenWords } from '../../i18n/language.ts';

export const adminWords = screenWords(
  'admin',
  {
    title: '管理',
    pages: '管理的各页',
    officers: '人员账号',
    imports: '导入导出',
    policy: '规则',
    audit: '操作记录',
    notYours: '您的岗位（{role}）不能用这一页。可以使用的岗位：{roles}。',
    changedMeanwhile: '您打开后情况变了：{what}',
  },
  {
    title: 'Administration',
    pages: 'Pages of the administration',
    officers: 'Accounts',
    imports: 'Import and export',
    policy: 'Policy',
    audit: 'Audit',
    notYours: 'Your role ({role}) may not use this page. These may: {roles}.',
    changedMeanwhile: 'It changed since you opened this: {what}',
  },
);
