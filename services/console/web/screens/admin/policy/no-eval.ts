// The house's content policy lets no script be made from text; said before the first schema is built, or the browser complains.
import { config } from 'zod';

config({ jitless: true });
