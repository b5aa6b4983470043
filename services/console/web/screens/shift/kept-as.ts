// Under which name this browser tab keeps the remarks of one officer that have not reached the house.
export const keptRemarks = (officerId: string) => `laba.remarks.${officerId}`;
