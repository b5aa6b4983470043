// What every part of the screen knows: whose roll-call it is, whether it is an exercise, and whether this officer may mark now.
import type { Mode } from '@laba/domain/alert';
import { createContext, useContext } from 'react';
import { Store } from '../../app/store.ts';
import type { HeardMeans } from './marks.ts';

export interface Roll {
  alertId: string;
  mode: Mode;
  /** The role may mark. */
  mayMark: boolean;
  /** And the roll-call still takes marks. */
  isOpen: boolean;
}

export const RollContext = createContext<Roll>({ alertId: '', mode: 'live', mayMark: false, isOpen: false });

export const useRoll = (): Roll => useContext(RollContext);

/** How the officer hears of people just now, and where they are taken: the same for the next mark. */
export const heardBy = new Store<HeardMeans>('telephone');
export const movedTo = new Store<string | undefined>(undefined);
