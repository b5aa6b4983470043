// Chapter 5, roll-call: which part of the list an officer may see and asks for.
import type { Officer } from '@laba/domain/officer';
import type { Deps } from '@laba/runtime/service';
import type { Part } from '@laba/storage/roll-call';
import { codesInView } from '../codes-in-view.ts';
import { findList } from './rollcall-store.ts';

/** Also since when the round goes on, null in the first. @throws as `codesInView` */
export async function partOf(deps: Deps, officer: Officer, alertId: string, group: string | undefined): Promise<{ part: Part; roundAtMs: number | null }> {
  const codes = await codesInView(deps.db, officer, 'rollcall.read', alertId, group);
  const list = await findList(deps.db, alertId);
  return { part: { alertId, codes, round: list?.round ?? 1 }, roundAtMs: list?.roundAtMs ?? null };
}
