// A village's own house: the codes by which officers sign in there, as the house above it shows them. The code itself is told once and kept nowhere.

export interface LocalCodeView {
  id: string;
  officerId: string;
  name: string;
  gridCode: string;
  gridName: string;
  createdAt: string;
  createdAtMs: number;
}

export interface LocalCodesView {
  codes: LocalCodeView[];
  /** Who may be given one by the reader: himself first. */
  officers: { id: string; name: string; username: string }[];
}

/** Where one officer may have a code, with the code that is there. */
export interface LocalCodePlacesView {
  places: { code: string; name: string; codeId: string | null }[];
}

export interface MadeLocalCode {
  id: string;
  /** As it is printed and said. */
  code: string;
  gridName: string;
}
