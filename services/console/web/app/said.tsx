// What people wrote or are called: shown as it is, never as markup, never turned round, and not ours to translate.
import type { ReactNode } from 'react';

export function Said({ children, block = false }: { children: ReactNode; block?: boolean }) {
  return (
    <bdi translate="no" className={block ? 'said block' : 'said'}>
      {children}
    </bdi>
  );
}
