// A sound of the duty desk's own: somebody in this room is asked for. Three rising tones, unlike anything that a village hears.
const TONES_HZ = [660, 880, 1_100];
const TONE_S = 0.16;
const GAP_S = 0.06;
const LOUDNESS = 0.25;
const CHIME_MS = 1_500;

/** Silent where the browser allows no sound yet, or has none. */
export function chime(): void {
  if (!('AudioContext' in window)) return;
  const audio = new AudioContext();
  const volume = audio.createGain();
  volume.gain.value = LOUDNESS;
  volume.connect(audio.destination);
  for (const [i, hz] of TONES_HZ.entries()) {
    const tone = audio.createOscillator();
    tone.frequency.value = hz;
    tone.connect(volume);
    const at = audio.currentTime + i * (TONE_S + GAP_S);
    tone.start(at);
    tone.stop(at + TONE_S);
  }
  window.setTimeout(() => void audio.close(), CHIME_MS);
}
