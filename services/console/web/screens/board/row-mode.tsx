// On every row of an exercise stands that it is one; a real alert's rows are plain.
import { ModeTag } from '../../app/mode-tag.tsx';
import { useBoard } from './board-context.ts';

export function RowMode() {
  return <ModeTag mode={useBoard().mode} />;
}
