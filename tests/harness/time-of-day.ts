// Tests on real time run at any hour; a county whose quiet hours have begun would not sound what they drill.

/** Minutes east of UTC of a place where it is noon now, for LABA_UTC_OFFSET_MINUTES. */
export function whereItIsNoon(): string {
  const minuteOfDay = Math.floor(Date.now() / 60_000) % 1_440;
  return String(720 - minuteOfDay);
}
