// A process of its own that writes to a PostgreSQL and says what was acknowledged: `node postgres-writer.test-kit.ts URL NAME COUNT`.
import { one } from './database.ts';
import { PostgresDatabase } from './postgres.ts';

const [url, name, count] = process.argv.slice(2) as [string, string, string];
const db = await PostgresDatabase.open(url, undefined, { mayLoseCommits: true });
process.stdout.write('open\n');
for (let i = 0; i < Number(count); i++) {
  await db.atomically([
    one((q, t) =>
      q
        .insert(t.setting)
        .values({ name: `${name}-${i}`, value: i })
        .returning({ name: t.setting.name }),
    ),
  ]);
  process.stdout.write(`${name}-${i}\n`);
}
await db.close();
