// Under which name this browser tab keeps the marks and scans of one officer that have not reached the house.
export const keptMarks = (officerId: string) => `laba.rollcall.${officerId}`;
