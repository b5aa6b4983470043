// Where local codes are read.
import { queries } from '../../../app/queries.ts';

export const CODES = '/api/v1/local-codes';
export const CHANGED_BY = /^officer\./;

export const placesPath = (officerId: string): string => `${CODES}/places?officerId=${encodeURIComponent(officerId)}`;

export const readCodesAnew = () => queries.invalidateQueries({ predicate: ({ queryKey: [path] }) => String(path).startsWith(CODES) });
