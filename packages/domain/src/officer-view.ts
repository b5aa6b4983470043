// What the console shows of an officer's account; never a password, nor its hash.
import type { Officer } from './officer.ts';

export interface OfficerView extends Officer {
  disabled: boolean;
  /** Too many wrong passwords: nobody gets in by this name for a while. */
  lockedOut: boolean;
  /** False until the one-time link was used. */
  hasPassword: boolean;
}

export interface OfficersView {
  officers: OfficerView[];
}

/** Told once, when it is made. */
export interface MadeLink {
  firstLink: { path: string };
}

export interface MadeOfficer extends MadeLink {
  officer: Officer;
}
