// How this box names itself to the county.
export const SOFTWARE = 'laba-gateway 0.1.0';
