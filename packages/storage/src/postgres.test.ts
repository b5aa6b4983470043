// PostgreSQL passes what every database of the house must pass.
import { freshPostgres } from './postgres.test-kit.ts';
import { storageContract } from './storage.contract.ts';

storageContract('PostgreSQL', freshPostgres);
