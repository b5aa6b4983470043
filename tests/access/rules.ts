// What each route owes to whoever asks about a place that is not his. A route that has no rule fails the test.
import type { Far } from './far-township.ts';

/** One request about the far township. */
export interface Ask {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Who may do it, to prove that the request is a good one: the county's administrator when not said, or only the far township's own officer. `nobody`: it is refused whoever asks, since two places are mixed up in it. */
  control?: 'county' | 'far' | 'nobody';
}
type Asks = (far: Far) => readonly Ask[];

export type Rule =
  /** Nobody is asked who he is. */
  | { is: 'open'; why: string }
  /** Whoever may, gets the same, of whatever place he is. */
  | { is: 'same'; why: string }
  /** `refused`: `out-of-scope` or `not-found` for who is of another place; `hidden`: he is answered, and the far township does not occur. */
  | { is: 'placed'; refused?: Asks; hidden?: Asks }
  /** By a personal link, without a session. `theirs`: what somebody at home asks of the far township with his own; `own`: its own people with theirs. */
  | { is: 'link'; why: string; theirs?: Asks; own?: Asks };

export type Rules = Readonly<Record<string, Rule>>;

export const open = (why: string): Rule => ({ is: 'open', why });
export const same = (why: string): Rule => ({ is: 'same', why });
export const refused = (asks: Asks): Rule => ({ is: 'placed', refused: asks });
export const hidden = (asks: Asks = () => [{}]): Rule => ({ is: 'placed', hidden: asks });
export const both = (refusedAsks: Asks, hiddenAsks: Asks): Rule => ({ is: 'placed', refused: refusedAsks, hidden: hiddenAsks });
export const link = (why: string, theirs?: Asks, own?: Asks): Rule => ({
  ...({ is: 'link', why } as const),
  ...(theirs === undefined ? {} : { theirs }),
  ...(own === undefined ? {} : { own }),
});

/** A page of what belongs to an alert: that of the far township alone is refused; of a shared one he sees his own part, and is refused the other. */
export const ofAlert = (query: Readonly<Record<string, string>> = {}, farPart?: Readonly<Record<string, string>>): Rule =>
  both(
    (far) => [{ params: { id: far.alert }, query }, ...(farPart === undefined ? [] : [{ params: { id: far.shared }, query: { ...query, ...farPart } }])],
    (far) => [{ params: { id: far.shared }, query }],
  );

/** The same act about the far township's people on its own alert, on the shared one, and on one of another place. */
export const onEach = (ask: (far: Far) => Ask): Rule =>
  refused((far) => [
    ...[far.alert, far.shared].map((id) => ({ ...ask(far), params: { ...ask(far).params, id } })),
    { ...ask(far), params: { ...ask(far).params, id: far.home.alert }, control: 'nobody' },
  ]);
