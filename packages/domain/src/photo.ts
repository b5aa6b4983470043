// Photos: of what they are.

export const PHOTO_SUBJECTS = ['task', 'report'] as const;
export type PhotoSubject = (typeof PHOTO_SUBJECTS)[number];
