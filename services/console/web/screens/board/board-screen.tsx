// Chapter 6, watch: the live board: the alerts in force and recent ones, and one of them in figures that open into names.
import { useRoute } from '../../app/route.ts';
import { AlertList } from './alert-list.tsx';
import { OneBoard } from './one-board.tsx';

/** `#/board/ALERT/LIST/CODE/TARGET`: the list and the target are what stands in the panel. */
export function BoardScreen() {
  const [alertId, list, code, target] = useRoute().rest;
  if (alertId === undefined || alertId === '') return <AlertList />;
  return <OneBoard key={alertId} alertId={alertId} opened={list === undefined ? undefined : { list, code: code ?? 'all', target }} />;
}
