// What every part of one board knows: whose board it is, and whether it is an exercise.
import type { Mode } from '@laba/domain/alert';
import { createContext, useContext } from 'react';
import { hrefOf } from '../../app/route.ts';

export interface Board {
  alertId: string;
  mode: Mode;
  isOver: boolean;
}

export const BoardContext = createContext<Board>({ alertId: '', mode: 'live', isOver: false });

export const useBoard = (): Board => useContext(BoardContext);

export const LISTS = ['speakers', 'members', 'households', 'places', 'sites', 'ladders', 'sections', 'joining'] as const;
export type ListName = (typeof LISTS)[number];

export const hrefOfList = (alertId: string, list: ListName, code = 'all', target?: string): string =>
  hrefOf('board', alertId, list, code, ...(target === undefined ? [] : [target]));

/** What stands in the place of a row's name in the address while the answer of a village is written down. */
export const ANSWER = 'answer';
